"""Runs a program and prints as JSON what it took: `python polls_alone.py command …`.

It stays small: the system counts the memory of whoever starts a program as that of the program.
"""

import json
import resource
import subprocess
import sys
import time

began = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, text=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
found = {
    "seconds": time.perf_counter() - began,
    "cpu_seconds": used.ru_utime + used.ru_stime,
    "peak_mib": used.ru_maxrss / 1024,
    "status": done.returncode,
    "said": done.stdout,
}
print(json.dumps(found))
