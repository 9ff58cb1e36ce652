"""The invented accounts. Their names all say that they are a demo, so as to be nobody's."""

from archiver.demoweb.model import Author

X_PORT = Author(
    name="Selmouth Port", handle="selmouth_port_d", avatar="avatar-port.png", number="9100000101"
)
X_MARA = Author(
    name="Mara Tolliver", handle="mara_demo_0101", avatar="avatar-mara.png", number="9100000102"
)
X_FERRY = Author(
    name="Brackwater Ferries",
    handle="brackferry_demo",
    avatar="avatar-ferry.png",
    number="9100000103",
)
X_IONUT = Author(
    name="Ionuț Digureanu", handle="ionut_demo_0102", avatar="avatar-ionut.png", number="9100000104"
)
X_SALMA = Author(
    name="سلمى المرسى", handle="salma_demo_0103", avatar="avatar-salma.png", number="9100000105"
)
X_KENJI = Author(
    name="港ノ見 健", handle="kenji_demo_0104", avatar="avatar-kenji.png", number="9100000106"
)
X_WEATHER = Author(
    name="Estuary Weather (unofficial)",
    handle="estuarywx_demo",
    avatar="avatar-weather.png",
    number="9100000107",
)

IG_LUCIA = Author(
    name="Lucía Marismas", handle="lucia.marismas.demo01", avatar="avatar-lucia.png", number="91001"
)
IG_PORT = Author(
    name="Selmouth Port", handle="selmouth.port.demo01", avatar="avatar-port.png", number="91002"
)

FB_TOWN = Author(
    name="Selmouth Town Hall",
    handle="selmouth.townhall.demo01",
    avatar="avatar-tidewire.png",
    number="910000000000201",
)
FB_FERRY = Author(
    name="Brackwater Ferries",
    handle="brackwater.ferries.demo01",
    avatar="avatar-ferry.png",
    number="910000000000202",
)

YT_WIND = Author(
    name="Estuary Energy Films", handle="EstuaryEnergyDemo01", avatar="avatar-weather.png"
)
YT_FERRY = Author(name="Canal Estuario", handle="CanalEstuarioDemo01", avatar="avatar-lucia.png")

TT_KEEPER = Author(
    name="The Keeper of Gull Point", handle="gullpoint_demo_01", avatar="avatar-mara.png"
)

TG_HARBOUR = Author(
    name="Harbour Watch Demo", handle="harbour_watch_demo", avatar="avatar-port.png"
)
TG_MARSA = Author(name="مرصد المرسى", handle="marsa_watch_demo", avatar="avatar-salma.png")

BS_EDDA = Author(
    name="Edda Deichgraf",
    handle="edda.elbufer-blatt.example",
    avatar="avatar-edda.png",
    number="did:plc:edda2demo2harbour2web22a",
)
BS_WIRE = Author(
    name="Tidewire",
    handle="desk.tidewire.example",
    avatar="avatar-tidewire.png",
    number="did:plc:tide2wire2demo2desk2abcd",
)

MA_EDDA = Author(
    name="Edda Deichgraf", handle="edda_demo_01", avatar="avatar-edda.png", number="910000000000301"
)
MA_WEATHER = Author(
    name="Pegel & Wetter",
    handle="pegel_demo_01",
    avatar="avatar-weather.png",
    number="910000000000302",
)

RD_ROWER = Author(name="tide_table_demo_01", handle="tide_table_demo_01", avatar="avatar-kenji.png")
RD_BUILDER = Author(
    name="shed_builder_demo_02", handle="shed_builder_demo_02", avatar="avatar-ionut.png"
)
