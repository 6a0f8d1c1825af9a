#include "runtime/supervision/system_flight_recorder.hpp"

#include "runtime/supervision/system_fatal_signals.hpp"

#include <cerrno>
#include <fcntl.h>
#include <optional>
#include <string>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace troupe::supervision {

namespace {

tl::unexpected<error> system_failure(const std::string& verb, const std::filesystem::path& file, int code) {
  const fault what = code == ENOSPC || code == EDQUOT ? fault::full : fault::unavailable;
  return fail(what,
              "cannot " + verb + " the flight recorder " + file.string() + ": " +
                  std::system_category().message(code),
              "check the data folder's space and permissions");
}

/// Whole contents, at most one byte more than any recording has; short reads and signals are read on.
std::optional<std::vector<std::byte>> read_whole(int fd) {
  std::vector<std::byte> bytes(flight_slots::bytes_for(limits::recorder_slots_max) + 1);
  std::size_t got = 0;
  while (got < bytes.size()) {
    const ssize_t n = ::pread(fd, bytes.data() + got, bytes.size() - got, static_cast<off_t>(got));
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return std::nullopt;
    if (n == 0)
      break;
    got += static_cast<std::size_t>(n);
  }
  bytes.resize(got);
  return bytes;
}

/// Makes the file `bytes` long with all its blocks in place: a write to a hole on a full disk is a SIGBUS.
int allocate(int fd, std::size_t bytes) {
  if (::ftruncate(fd, static_cast<off_t>(bytes)) != 0)
    return errno;
  int code = EINTR;
  while (code == EINTR)
    code = ::posix_fallocate(fd, 0, static_cast<off_t>(bytes));
  return code;
}

} // namespace

struct flight_recorder::mapping {
  std::filesystem::path path;
  std::size_t wanted = 0;
  int fd = -1;
  flight_report previous;
  void* memory = MAP_FAILED;
  std::optional<flight_slots> slots;

  mapping(std::filesystem::path at, std::size_t slot_count, int opened)
      : path(std::move(at))
      , wanted(slot_count)
      , fd(opened) {}
  mapping(const mapping&) = delete;
  ~mapping() {
    if (slots)
      fatal_handlers::forget(*slots);
    if (memory != MAP_FAILED)
      ::munmap(memory, flight_slots::bytes_for(wanted));
    ::close(fd);
  }
};

flight_recorder::flight_recorder(std::unique_ptr<mapping> file)
    : file_(std::move(file)) {}
flight_recorder::flight_recorder(flight_recorder&&) noexcept = default;
flight_recorder& flight_recorder::operator=(flight_recorder&&) noexcept = default;
flight_recorder::~flight_recorder() = default;

result<flight_recorder> flight_recorder::open(std::filesystem::path file, std::size_t slots) {
  ensure(slots > 0 && slots <= limits::recorder_slots_max, "a flight recorder has between 1 and 256 slots");
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    return system_failure("open", file, errno);
  auto made = std::make_unique<mapping>(std::move(file), slots, fd);
  const auto contents = read_whole(fd);
  if (!contents)
    return system_failure("read", made->path, errno);
  if (!contents->empty())
    made->previous = read_flight(*contents);
  return flight_recorder(std::move(made));
}

const flight_report& flight_recorder::previous() const noexcept { return file_->previous; }

result<void> flight_recorder::start(std::uint64_t session) {
  mapping& m = *file_;
  ensure(m.memory == MAP_FAILED, "a flight recorder is started once");
  const std::size_t bytes = flight_slots::bytes_for(m.wanted);
  if (const int code = allocate(m.fd, bytes); code != 0)
    return system_failure("allocate", m.path, code);
  m.memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, m.fd, 0);
  if (m.memory == MAP_FAILED)
    return system_failure("map", m.path, errno);
  m.slots.emplace(static_cast<std::byte*>(m.memory), m.wanted, session);
  return {};
}

void flight_recorder::begin(std::size_t slot, std::string_view agent, std::string_view subject,
                            instant now) noexcept {
  if (file_->slots)
    file_->slots->begin(slot, agent, subject, now);
}

void flight_recorder::end(std::size_t slot) noexcept {
  if (file_->slots)
    file_->slots->end(slot);
}

void flight_recorder::blame(std::size_t slot, instant since, int signal) noexcept {
  if (file_->slots)
    file_->slots->blame(slot, since, signal);
}

void flight_recorder::close() noexcept {
  if (!file_->slots)
    return;
  fatal_handlers::forget(*file_->slots);
  file_->slots->close();
  file_->slots.reset();
}

flight_slots* flight_recorder::slots() noexcept { return file_->slots ? &*file_->slots : nullptr; }

} // namespace troupe::supervision
