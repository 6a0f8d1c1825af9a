"""device_build.py NVCC ROOT [--all]: the kernels as device code for sm_80 and sm_90 (--all: every architecture that we name),
without a spilled register and without a stack frame."""

import os
import re
import subprocess
import sys
import tempfile

USUAL = ["80", "90"]
ALL = ["80", "86", "89", "90", "100", "120"]


def main():
    nvcc, root = sys.argv[1:3]
    wanted = ALL if "--all" in sys.argv else USUAL
    with tempfile.TemporaryDirectory() as folder:
        command = [nvcc, "-std=c++17", "-I" + root, "-Xptxas", "-v", "-Werror", "all-warnings", "-c",
                   os.path.join(root, "kernels/cuda/kernels.cu"), "-o", os.path.join(folder, "kernels.o")]
        for number in wanted:
            command += ["-gencode", f"arch=compute_{number},code=sm_{number}"]
        told = subprocess.run(command, capture_output=True, text=True, check=False)
    if told.returncode != 0:
        sys.exit(told.stdout + told.stderr)
    kernels = re.findall(r"Compiling entry function '(\S+)' for 'sm_(\d+)'", told.stderr)
    sizes = re.findall(r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads", told.stderr)
    bad = [f"{name} for sm_{number}: stack frame {frame}, spills {stores} + {loads}"
           for (name, number), (frame, stores, loads) in zip(kernels, sizes) if (frame, stores, loads) != ("0", "0", "0")]
    print("\n".join(bad))
    print(f"{len(kernels)} kernels for {', '.join('sm_' + n for n in wanted)}, {len(bad)} with spills or stack frames")
    if bad or len(kernels) != len(sizes) or not kernels or len(kernels) % len(wanted) != 0:
        sys.exit(1)


if __name__ == "__main__":
    main()
