# Runs a command in sandlock: SECONDS MEBIBYTES PROCESSES SKILL COMMAND...
import sys

from sandlock import Sandbox

seconds, mebibytes, processes, skill = sys.argv[1:5]
sandbox = Sandbox(
    fs_readable=["/usr", "/lib", "/lib64", "/bin", skill],
    max_memory=f"{mebibytes}M",
    max_processes=int(processes),
    max_open_files=256,
    clean_env=True,
    no_coredump=True,
    cwd=skill,
)
result = sandbox.run(sys.argv[5:], timeout=float(seconds))
for stream, data in ((sys.stdout, result.stdout), (sys.stderr, result.stderr)):
    stream.buffer.write(data or b"")
    stream.flush()
if result.error:
    print(result.error, file=sys.stderr)
sys.exit(result.exit_code if result.exit_code >= 0 else 1)
