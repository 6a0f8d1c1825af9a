#include "storage/postgres/private_server.hpp"

#include "runtime/process/child.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <pwd.h>
#include <system_error>
#include <unistd.h>

namespace troupe::storage {
namespace {

namespace fs = std::filesystem;

constexpr const char* server_user = "postgres";
constexpr const char* database_user = "troupe";
constexpr milliseconds patience{60'000};
constexpr std::size_t socket_name_max = 90; // of the folder; the system takes 107 bytes for the whole name

struct never_canceled final : cancel_token {
  bool canceled() const override { return false; }
};

/// The newest version installed; empty: none.
fs::path find_programs() {
  fs::path newest;
  int version = 0;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", none)) {
    const int found = std::atoi(entry.path().filename().c_str());
    if (found > version && fs::exists(entry.path() / "bin" / "initdb", none)) {
      version = found;
      newest = entry.path() / "bin";
    }
  }
  return newest;
}

/// Runs one of PostgreSQL's programs as the user who may.
result<void> run(std::string path, std::vector<std::string> arguments) {
  program what;
  what.path = std::move(path);
  what.arguments = std::move(arguments);
  if (::geteuid() == 0) {
    what.arguments.insert(what.arguments.begin(), what.path);
    what.arguments.insert(what.arguments.begin(), {std::string("--reuid=") + server_user,
                                                   std::string("--regid=") + server_user, "--init-groups"});
    what.path = "/usr/bin/setpriv";
  }
  what.environment = {"PATH=/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"};
  what.folder = "/";
  child_limits most;
  most.time = patience;
  most.output_bytes = 1u << 20;
  const child_end end = run_program(what, most, never_canceled());
  if (end.ended == child_end::how::exited && end.code == 0)
    return {};
  const std::string said = end.problem.empty() ? end.errors + end.output : end.problem;
  return fail(fault::unavailable,
              "the private PostgreSQL: " + said.substr(0, said.find_last_not_of('\n') + 1));
}

result<void> hand_over(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed)
    return fail(fault::unavailable, "cannot create " + folder.string() + ": " + failed.message());
  if (::geteuid() != 0)
    return {};
  const auto* user = ::getpwnam(server_user);
  if (user == nullptr)
    return fail(fault::unavailable, "there is no user postgres to run a private PostgreSQL as",
                "apt-get install postgresql");
  if (::chown(folder.c_str(), user->pw_uid, user->pw_gid) != 0)
    return fail(fault::unavailable, folder.string() + " cannot be given to user postgres");
  return {};
}

} // namespace

private_server::private_server(options how)
    : how_(std::move(how))
    , data_(how_.directory / "data")
    , sockets_(how_.directory)
    , programs_(find_programs()) {}

private_server::private_server(private_server&& other) noexcept
    : how_(std::move(other.how_))
    , data_(std::move(other.data_))
    , sockets_(std::move(other.sockets_))
    , programs_(std::move(other.programs_))
    , owned_(std::exchange(other.owned_, false)) {}

private_server::~private_server() {
  if (owned_)
    static_cast<void>(stop());
}

result<private_server> private_server::start(options how) {
  std::error_code failed;
  how.directory = fs::absolute(how.directory, failed);
  private_server made(std::move(how));
  if (made.programs_.empty())
    return fail(fault::unavailable, "PostgreSQL is not installed here", "apt-get install postgresql");
  if (made.sockets_.string().size() > socket_name_max)
    return fail(fault::invalid, made.sockets_.string() + " is too long a name for a socket's folder",
                "give a data folder with a shorter path");
  if (auto ok = hand_over(made.how_.directory); !ok)
    return tl::unexpected(ok.error());
  if (!fs::exists(made.data_ / "PG_VERSION", failed))
    if (auto ok = made.make(); !ok)
      return tl::unexpected(ok.error());
  if (!made.runs())
    if (auto ok = made.start_again(); !ok)
      return tl::unexpected(ok.error());
  made.owned_ = true;
  return made;
}

result<void> private_server::make() {
  auto made = run((programs_ / "initdb").string(),
                  {"-D", data_.string(), "-A", "trust", "-U", database_user, "-E", "UTF8", "--locale=C"});
  if (!made)
    return made;
  std::ofstream file(data_ / "postgresql.conf", std::ios::app);
  file << "\n# private to the troupe that made it\nlisten_addresses = ''\nunix_socket_directories = '"
       << sockets_.string() << "'\nunix_socket_permissions = 0700\nmax_connections = " << how_.connections
       << "\n";
  for (const auto& setting : how_.settings)
    file << setting << "\n";
  file.close();
  return file ? result<void>() : fail(fault::full, "cannot write " + (data_ / "postgresql.conf").string());
}

result<void> private_server::control(const std::vector<std::string>& words) const {
  std::vector<std::string> all = {"-D", data_.string(), "-w", "-t", "60"};
  all.insert(all.end(), words.begin(), words.end());
  return run((programs_ / "pg_ctl").string(), std::move(all));
}

bool private_server::runs() const { return control({"status"}).has_value(); }

result<void> private_server::start_again() {
  return control({"-l", (how_.directory / "server.log").string(), "start"});
}

result<void> private_server::stop() { return control({"-m", "fast", "stop"}); }

result<void> private_server::stop_at_once() { return control({"-m", "immediate", "stop"}); }

std::string private_server::address() const {
  return "host=" + sockets_.string() + " dbname=postgres user=" + database_user;
}

int private_server::pid() const {
  std::ifstream file(data_ / "postmaster.pid");
  int pid = 0;
  file >> pid;
  return pid;
}

} // namespace troupe::storage
