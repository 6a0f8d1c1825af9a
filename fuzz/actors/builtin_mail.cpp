// Any arguments of mail.send: refused, or a mail whose header has exactly the lines it should have, whatever
// was tried.
#include "actors/builtin/mail_message.hpp"

#include <cstdint>
#include <cstdlib>
#include <set>

namespace {

void require(bool holds) {
  if (!holds)
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace troupe;
  using namespace troupe::builtin;
  const auto with = arguments::read({reinterpret_cast<const char*>(bytes), size}, "mail.send",
                                    {"to", "subject", "body", "message"});
  if (!with)
    return 0;
  const auto mail = read_mail(*with, {"", "a@example.org"});
  if (!mail)
    return 0;
  const auto text = format_mail(*mail, "id@example.org", from_ms(0));
  std::multiset<std::string> names;
  for (std::size_t begin = 0; text.compare(begin, 2, "\r\n") != 0;) {
    const auto end = text.find("\r\n", begin);
    const auto line = text.substr(begin, end - begin);
    if (!line.starts_with(' '))
      names.insert(line.substr(0, line.find(':')));
    begin = end + 2;
  }
  require(names == std::multiset<std::string>{"Content-Transfer-Encoding", "Content-Type", "Date", "From",
                                              "MIME-Version", "Message-ID", "Subject", "To"});
  for (std::size_t i = 0; i < text.size(); ++i)
    require(text[i] != '\n' || (i > 0 && text[i - 1] == '\r'));
  return 0;
}
