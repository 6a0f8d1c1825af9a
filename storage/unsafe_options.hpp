#pragma once

namespace troupe::storage {

/// Only for tests of the oracle: each switches one guarantee off, to prove that its loss is seen.
struct unsafe_options {
  bool no_fence = false;  // epochs are not compared
  bool no_dedupe = false; // marks are not compared; consumed rows go in a later transaction of their own
  bool early_ack = false; // turns are acknowledged well before they are on disk
};

} // namespace troupe::storage
