#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace troupe::models {

/// A model that this node runs itself.
struct native_settings {
  std::string path;                            // a GGUF file or a Hugging Face folder
  std::map<std::string, std::string> adapters; // names to PEFT folders or GGUF files
  std::uint32_t live_adapters = 64;            // in memory at once
  std::uint32_t threads = 0;                   // that compute; 0: one for each core
  std::uint32_t context = 0;                   // tokens of one text at most; 0: what the model was made for
  std::uint32_t pages = 0;                     // of the cache, 16 positions each; 0: what a full batch needs
  std::uint32_t batch = 32;                    // texts in one step
  std::uint32_t step_tokens = 256;             // tokens in one step
  std::uint32_t waiting = 256;                 // requests that may wait; more are refused
  bool exact = false;                          // float32 throughout instead of what is fast
  bool background = true;                      // compute at idle priority, so that the journal never waits
};

} // namespace troupe::models
