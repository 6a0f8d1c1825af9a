"""A PostgreSQL of the oracle's own, and what may happen to it while nodes use it."""

import glob
import os
import pwd
import shutil
import subprocess


class Server:
    """Its files lie in a folder, it listens on a socket in there."""

    def __init__(self, home):
        self.home, self.data = home, os.path.join(home, "data")
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda p: int(p.split("/")[4]))
        if not found:
            raise SystemExit("PostgreSQL is not installed: apt-get install postgresql")
        self.programs = os.path.dirname(found[-1])
        os.makedirs(home, exist_ok=True)
        self.user = []
        if os.geteuid() == 0:  # PostgreSQL refuses root
            os.chown(home, pwd.getpwnam("postgres").pw_uid, -1)
            self.user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        self.run("initdb", "--no-sync", "-D", self.data, "-A", "trust", "-U", "troupe", "-E", "UTF8", "--locale=C")
        with open(os.path.join(self.data, "postgresql.conf"), "a") as f:
            f.write(f"listen_addresses = ''\nunix_socket_directories = '{home}'\nmax_connections = 100\n")
        self.start()

    @property
    def address(self):
        return f"host={self.home} dbname=postgres user=troupe"

    def run(self, program, *arguments):
        subprocess.run([*self.user, os.path.join(self.programs, program), *arguments], check=True, cwd="/",
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def start(self):
        self.run("pg_ctl", "-D", self.data, "-w", "-l", os.path.join(self.home, "log"), "start")

    def restart_hard(self):
        """As a crash would: no farewell, recovery from the log."""
        self.run("pg_ctl", "-D", self.data, "-w", "-m", "immediate", "stop")
        self.start()

    def end_all_connections(self):
        self.run("psql", self.address, "-qAt", "-c", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                 " WHERE application_name LIKE 'troupe%' AND pid <> pg_backend_pid()")

    def stop(self):
        self.run("pg_ctl", "-D", self.data, "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.home, ignore_errors=True)
