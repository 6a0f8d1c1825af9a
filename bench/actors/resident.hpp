#pragma once

#include <fstream>
#include <malloc.h>
#include <unistd.h>

namespace troupe::bench {

/// What the process holds in memory, once the allocator has given back what it can.
inline double resident_bytes() {
  ::malloc_trim(0);
  std::ifstream file("/proc/self/statm");
  double total = 0, resident = 0;
  file >> total >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

} // namespace troupe::bench
