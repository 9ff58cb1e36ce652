"""The files of `media/`: drawn for this demo, no photographs, no real places."""

from archiver.demoweb.model import Medium

HARBOUR = Medium(
    file="harbour.jpg", alt="Sailing boats in a harbour at dusk, a lighthouse behind them"
)
MORNING = Medium(file="morning.jpg", alt="The same harbour on a clear morning")
BARRIER = Medium(file="barrier.jpg", alt="A flood barrier with its gates half raised")
MARKET = Medium(file="market.jpg", alt="Market stalls in front of a row of old houses")
FLOOD = Medium(file="flood.jpg", alt="Sandbags along a quay in heavy rain")
NIGHT = Medium(file="night.jpg", alt="The harbour under stars")
MOUNTAINS = Medium(file="mountains.jpg", alt="Ridges in blue haze")
WAVES = Medium(file="waves.jpg", alt="Layers of waves in paper colours", size=(900, 900))
TILES = Medium(file="tiles.jpg", alt="A wall of round tiles", size=(900, 900))
BARS = Medium(file="bars.png", alt="Bar chart: the last of seven years is the highest")
LINES = Medium(file="lines.png", alt="Line chart with three rising and falling lines")
BOAT = Medium(
    file="boat.mp4", alt="A sailing boat leaving port", size=(480, 270), poster="boat.jpg"
)
BEAM = Medium(file="beam.mp4", alt="A lighthouse at night", size=(270, 480), poster="beam.jpg")
TURBINE = Medium(file="turbine.mp4", alt="Two wind turbines", size=(480, 270), poster="turbine.jpg")
