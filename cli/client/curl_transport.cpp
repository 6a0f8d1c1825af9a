#include "cli/client/curl_transport.hpp"

#include <curl/curl.h>
#include <strings.h>

namespace troupe::cli {

namespace {

constexpr long connect_limit_ms = 2'000;                     // the node is on this machine
constexpr std::size_t reply_bytes_max = 64u * 1024u * 1024u; // a page of a thousand agents is far below

struct easy_closer {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct list_closer {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using header_list = std::unique_ptr<curl_slist, list_closer>;

std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* into) {
  auto& body = static_cast<http_reply*>(into)->body;
  if (body.size() + size * count > reply_bytes_max)
    return 0; // ends the transfer
  body.append(bytes, size * count);
  return size * count;
}

std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* into) {
  static constexpr std::string_view name = "X-Correlation-Id: ";
  std::string_view line(bytes, size * count);
  if (line.size() > name.size() && strncasecmp(line.data(), name.data(), name.size()) == 0) {
    auto value = line.substr(name.size());
    static_cast<http_reply*>(into)->correlation = value.substr(0, value.find_first_of("\r\n"));
  }
  return size * count;
}

header_list headers_of(const http_call& call) {
  header_list list;
  const auto add = [&](const std::string& line) {
    list.reset(curl_slist_append(list.release(), line.c_str()));
  };
  for (const auto& [name, value] : call.headers)
    add(name + ": " + value);
  if (call.method == "POST")
    add("Content-Type: application/json");
  return list;
}

class curl_transport : public http_transport {
public:
  explicit curl_transport(std::string url)
      : url_(std::move(url))
      , handle_(curl_easy_init()) {
    ensure(handle_ != nullptr, "libcurl gives out handles");
  }

  result<http_reply> send(const http_call& call) override {
    http_reply reply;
    const auto headers = headers_of(call);
    prepare(call, reply, headers.get());
    const auto ended = curl_easy_perform(handle_.get());
    if (ended == CURLE_OPERATION_TIMEDOUT)
      return fail(fault::timeout, "the node at " + url_ + " gave no answer in time", "troupe doctor");
    if (ended != CURLE_OK)
      return fail(fault::unavailable,
                  "cannot reach a node at " + url_ + ": " + std::string(curl_easy_strerror(ended)),
                  "start one with: troupe up");
    long status = 0;
    curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
    reply.status = static_cast<int>(status);
    return reply;
  }

private:
  void prepare(const http_call& call, http_reply& reply, curl_slist* headers) {
    auto* handle = handle_.get();
    curl_easy_reset(handle); // options only: the connection stays
    curl_easy_setopt(handle, CURLOPT_URL, (url_ + call.target).c_str());
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_NOPROXY, "*"); // a proxy of the environment is not for this machine
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, connect_limit_ms);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(call.timeout.count()));
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &reply);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &reply);
    if (call.method != "POST")
      return;
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, static_cast<long>(call.body.size()));
    curl_easy_setopt(handle, CURLOPT_COPYPOSTFIELDS, call.body.c_str());
  }

  std::string url_;
  std::unique_ptr<CURL, easy_closer> handle_;
};

} // namespace

std::unique_ptr<http_transport> make_curl_transport(std::string url) {
  return std::make_unique<curl_transport>(std::move(url));
}

} // namespace troupe::cli
