"""`archiver cron`: the lines that a scheduler needs, with the paths of this machine."""

import os
import pwd
import shlex
import shutil
import sys
from pathlib import Path

import click

from archiver.cli.options import takes
from archiver.config import Settings

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
TimeoutStopSec=30s
UMask=0027
# Writes to the archive only. Chromium's own sandbox needs user namespaces, so RestrictNamespaces= is left off.
ProtectSystem=strict
ReadWritePaths={archive}
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
    parts = {
        "folder": shlex.quote(os.getcwd()),
        "archive": str(settings.archive.absolute()),
        "user": pwd.getpwuid(os.geteuid()).pw_name,
        "minute": 17,
        "command": shlex.join(call(settings, seeds)),
    }
    if print == "systemd":
        click.echo(SERVICE.format(**parts | {"folder": os.getcwd()}) + "\n" + TIMER, nl=False)
    else:
        click.echo(CRONTAB.format(**parts), nl=False)
    return 0


def call(settings: Settings, seeds: tuple[Path, ...]) -> list[str]:
    """The command of a run, with absolute paths."""
    beside = Path(sys.executable).with_name("archiver")
    program = str(beside) if beside.exists() else shutil.which("archiver") or "archiver"
    words = [program, "--archive", str(settings.archive.absolute()), "run"]
    return words + [word for path in seeds for word in ("--seeds", str(path.absolute()))]
