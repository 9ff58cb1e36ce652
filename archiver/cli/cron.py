"""`archiver cron`: the lines that a scheduler needs, with the paths of this machine."""

import os
import pwd
import shlex
import sys
from pathlib import Path

import click

from archiver.cli.options import takes
from archiver.cli.text import one_line
from archiver.config import Settings
from archiver.config.settings import FILE_NAME

CRONTAB = """# Runs every hour; silent when all is well. To be added with: crontab -e
{minute} * * * *  cd {folder} && {command}
"""

SERVICE = """# /etc/systemd/system/archiver.service
[Unit]
Description=Archive the social-media posts of our articles
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User={user}
WorkingDirectory={folder}
ExecStart={command}
# 75: another run is still at work. Nothing is wrong then.
SuccessExitStatus=75
TimeoutStartSec=6h
KillMode=mixed
TimeoutStopSec=90s
UMask=0027
# Writes to the archive only, and to what the settings name. These folders must be there: mkdir -p
# Chromium's own sandbox needs user namespaces, so RestrictNamespaces= is left off.
ProtectSystem=strict
ReadWritePaths={writes}
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
NoNewPrivileges=yes
CapabilityBoundingSet=
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
MemoryMax=4G
TasksMax=1024
"""

TIMER = """# /etc/systemd/system/archiver.timer
[Unit]
Description=Run archiver every hour

[Timer]
OnCalendar=hourly
Persistent=true
RandomizedDelaySec=10m

[Install]
WantedBy=timers.target
"""


@takes("print", "seeds")
def command(settings: Settings, print: str | None, seeds: tuple[Path, ...]) -> int:
    """Print what cron or systemd needs to run archiver every hour.

    Nothing is installed. The paths are those of this installation, this working directory and this archive.
    """
    words = call(settings, seeds)
    if print == "systemd":
        service = SERVICE.format(
            user=pwd.getpwuid(os.geteuid()).pw_name,
            folder=os.getcwd().replace("%", "%%"),
            command=" ".join(quoted(word).replace("$", "$$") for word in words),
            writes=" ".join(quoted(str(path)) for path in written(settings)),
        )
        click.echo(service + "\n" + TIMER, nl=False)
    else:
        # A percent sign is a line's end to cron.
        folder, command = shlex.quote(os.getcwd()), shlex.join(words)
        line = CRONTAB.format(minute=17, folder=folder, command=command)
        click.echo(line.replace("%", "\\%"), nl=False)
    for path in seeds:
        if not path.exists():
            said = f"archiver: warning: {path} is not there yet: a run will say so each time"
            click.echo(one_line(said), err=True)
    return 0


def quoted(word: str) -> str:
    """A word of a unit's setting: in quotes where it needs them, and nothing in it means anything; of commands
    the dollar signs are still to be doubled."""
    plain = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return plain if shlex.quote(word) == word else f'"{plain}"'


def written(settings: Settings) -> list[Path]:
    """The folders that a run writes to."""
    files = (settings.log_file, settings.metrics)
    folders = [settings.archive, *(file.parent for file in files if file)]
    return list(dict.fromkeys(p.absolute() for p in (*folders, settings.keys) if p is not None))


def call(settings: Settings, seeds: tuple[Path, ...]) -> list[str]:
    """The command of a run, with absolute paths."""
    beside = Path(sys.executable).with_name("archiver")
    program = [str(beside)] if beside.exists() else [sys.executable, "-m", "archiver"]
    words = [*program, "--archive", str(settings.archive.absolute())]
    if settings.source and settings.source.absolute() != Path(FILE_NAME).absolute():
        words += ["--config", str(settings.source.absolute())]
    words.append("run")
    return words + [word for path in seeds for word in ("--seeds", str(path.absolute()))]
