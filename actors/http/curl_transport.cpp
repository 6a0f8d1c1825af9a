#include "actors/http/curl_transport.hpp"

#include "actors/http/limits.hpp"
#include "config/limits.hpp"
#include "config/result.hpp"
#include "config/schema/json_text.hpp"

#include <algorithm>
#include <array>
#include <curl/curl.h>
#include <mutex>
#include <optional>
#include <utility>

namespace troupe::http {
namespace {

using clock = std::chrono::steady_clock;

struct easy_closer {
  void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
struct multi_closer {
  void operator()(CURLM* handle) const noexcept { curl_multi_cleanup(handle); }
};
struct list_closer {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using header_list = std::unique_ptr<curl_slist, list_closer>;

/// A handle with the connections it keeps. The multi handle is there because a transfer driven step by step
/// can be given up within limits::cancel_poll, where curl_easy_perform looks up once a second.
struct connection {
  std::unique_ptr<CURLM, multi_closer> multi{curl_multi_init()};
  std::unique_ptr<CURL, easy_closer> easy{curl_easy_init()};
};

/// libcurl wants one global initialisation before the first handle, by one thread.
void start_library() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  ensure(started == CURLE_OK, "libcurl starts");
}

header_list headers_of(const http_call& call) {
  header_list list;
  // Without "Expect:" curl waits a second for permission before it sends a large body.
  std::vector<std::string> lines{"Expect:"};
  if (!call.content_type.empty())
    lines.push_back("Content-Type: " + call.content_type);
  lines.push_back("Accept: " + call.accept);
  lines.insert(lines.end(), call.headers.begin(), call.headers.end());
  for (const auto& line : lines) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    ensure(longer != nullptr, "there is memory for headers");
    (void)list.release(); // the old list is the head of the new one
    list.reset(longer);
  }
  return list;
}

http_fault fault_of(CURLcode code) {
  switch (code) {
  case CURLE_OK:
    return http_fault::none;
  case CURLE_COULDNT_RESOLVE_HOST:
  case CURLE_COULDNT_RESOLVE_PROXY:
  case CURLE_COULDNT_CONNECT:
  case CURLE_SSL_CONNECT_ERROR:
    return http_fault::unreachable;
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_SSL_CACERT_BADFILE:
  case CURLE_SSL_ISSUER_ERROR:
    return http_fault::untrusted;
  case CURLE_URL_MALFORMAT:
  case CURLE_UNSUPPORTED_PROTOCOL:
  case CURLE_BAD_FUNCTION_ARGUMENT:
    return http_fault::refused;
  default:
    return http_fault::cut;
  }
}

/// One call on one handle.
class transfer {
public:
  transfer(connection& on, const http_call& call, const stream_sink& stream, const std::string& proxy)
      : multi_(on.multi.get())
      , easy_(on.easy.get())
      , call_(call)
      , stream_(stream)
      , headers_(headers_of(call))
      , start_(clock::now())
      , last_byte_(start_) {
    set_up(proxy);
  }

  ~transfer() { curl_multi_remove_handle(multi_, easy_); }
  transfer(const transfer&) = delete;
  transfer& operator=(const transfer&) = delete;

  http_answer run(const cancel_token& canceled) {
    if (curl_multi_add_handle(multi_, easy_) != CURLM_OK)
      return ended(http_fault::unreachable, "the HTTP client could not begin");
    int running = 1;
    while (running > 0) {
      if (curl_multi_perform(multi_, &running) != CURLM_OK)
        return ended(http_fault::cut, "the HTTP client broke off");
      if (running == 0)
        break;
      if (canceled.canceled())
        return ended(http_fault::canceled, "canceled");
      if (const auto late = over_time())
        return *late;
      curl_multi_poll(multi_, nullptr, 0, static_cast<int>(next_look().count()), nullptr);
    }
    return settled();
  }

private:
  void set_up(const std::string& proxy) {
    curl_easy_reset(easy_);
    set(CURLOPT_URL, call_.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L); // a redirect would carry the key to whoever answers
    set(CURLOPT_PROXY, proxy.c_str());
    set(CURLOPT_NOSIGNAL, 1L); // signals belong to the process, not to a worker's name look-up
    set_method();
    set(CURLOPT_HTTPHEADER, headers_.get());
    set(CURLOPT_USERAGENT, "troupe");
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(call_.connect.count(), 1)));
    set(CURLOPT_ERRORBUFFER, error_.data());
    set(CURLOPT_WRITEFUNCTION, &transfer::on_body);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_HEADERFUNCTION, &transfer::on_header);
    set(CURLOPT_HEADERDATA, this);
  }

  void set_method() {
    if (call_.method == "HEAD") // curl must know that no body comes, whatever the length says
      set(CURLOPT_NOBODY, 1L);
    if (!call_.body.empty() || call_.method == "POST") {
      set(CURLOPT_POST, 1L);
      set(CURLOPT_POSTFIELDS, call_.body.data());
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call_.body.size()));
    }
    set(CURLOPT_CUSTOMREQUEST, call_.method.c_str());
  }

  template<class Value>
  void set(CURLoption option, Value value) {
    ensure(curl_easy_setopt(easy_, option, value) == CURLE_OK, "libcurl knows its options");
  }

  static std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* self) {
    static_cast<transfer*>(self)->take_header({bytes, size * count});
    return size * count;
  }

  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self) {
    // Exceptions must not cross C code: a failure is told as fewer bytes taken.
    try {
      return static_cast<transfer*>(self)->take_body({bytes, size * count}) ? size * count : 0;
    } catch (const std::exception& e) {
      static_cast<transfer*>(self)->fault_ = http_fault::cut;
      static_cast<transfer*>(self)->problem_ = e.what();
      return 0;
    }
  }

  void take_header(std::string_view line) {
    constexpr std::string_view name = "retry-after:";
    if (line.starts_with("HTTP/")) { // headers of an interim answer (100, 103) are not the answer's
      retry_after_.clear();
      headers_taken_.clear();
    }
    if (call_.wants_headers)
      keep_header(line);
    if (line.size() > name.size() && line.size() < 200 &&
        std::equal(name.begin(), name.end(), line.begin(), [](char a, char b) {
          return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b + 32) : b);
        }))
      retry_after_ = line.substr(name.size());
  }

  /// Those beyond the limit are left out: nobody can read a thousand headers, and they are held in memory.
  void keep_header(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0 || headers_taken_.size() >= limits::headers_max)
      return;
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    const auto begin = std::min(line.find_first_not_of(" \t", colon + 1), line.size());
    const auto end = std::max(line.find_last_not_of(" \t\r\n") + 1, begin);
    headers_taken_.emplace_back(std::move(name), line.substr(begin, end - begin));
  }

  bool take_body(std::string_view bytes) {
    last_byte_ = clock::now();
    if (std::exchange(taken_, taken_ + bytes.size()) == 0)
      streaming_ = stream_ && status() == 200 && is_event_stream();
    if (taken_ > call_.answer_bytes) {
      fault_ = http_fault::too_large;
      problem_ = "the answer is larger than " + std::to_string(call_.answer_bytes) + " bytes";
      return false;
    }
    if (!streaming_) {
      body_ += bytes;
      return true;
    }
    ended_by_sink_ = !stream_(bytes);
    return !ended_by_sink_;
  }

  long status() const {
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    return status;
  }

  bool is_event_stream() const {
    const char* type = nullptr;
    curl_easy_getinfo(easy_, CURLINFO_CONTENT_TYPE, &type);
    return type != nullptr && std::string_view(type).starts_with("text/event-stream");
  }

  /// How long it took until the request could go out; 0 while it could not.
  std::chrono::microseconds handshakes() const {
    curl_off_t duration = 0;
    curl_easy_getinfo(easy_, CURLINFO_PRETRANSFER_TIME_T, &duration);
    return std::chrono::microseconds(duration);
  }

  std::optional<http_answer> over_time() {
    const auto now = clock::now();
    if (now - start_ >= call_.total)
      return ended(http_fault::late, "no answer within " + std::to_string(call_.total.count()) + " ms");
    if (taken_ > 0 && now - last_byte_ >= call_.idle)
      return ended(http_fault::slow, "nothing came for " + std::to_string(call_.idle.count()) + " ms");
    const auto ready = handshakes();
    if (taken_ == 0 && ready.count() > 0 && now - start_ >= ready + call_.first_byte)
      return ended(http_fault::slow,
                   "no answer began within " + std::to_string(call_.first_byte.count()) + " ms");
    return std::nullopt;
  }

  /// The limits are checked this often at least; without a cancel the nearest one would do.
  milliseconds next_look() const {
    const auto left = std::chrono::ceil<milliseconds>(start_ + call_.total - clock::now());
    return std::clamp(left, milliseconds(1), limits::cancel_poll);
  }

  http_answer settled() {
    int left = 0;
    const CURLMsg* message = curl_multi_info_read(multi_, &left);
    ensure(message != nullptr && message->msg == CURLMSG_DONE, "an ended transfer has a result");
    const CURLcode code = message->data.result;
    if (fault_ != http_fault::none)
      return ended(fault_, problem_);
    if (ended_by_sink_)
      return ended(http_fault::none, "");
    if (code == CURLE_OPERATION_TIMEDOUT)
      return ended(http_fault::unreachable,
                   "no connection within " + std::to_string(call_.connect.count()) + " ms");
    const std::string_view words = error_[0] != '\0' ? error_.data() : curl_easy_strerror(code);
    return ended(fault_of(code),
                 code == CURLE_OK ? "" : config::shorten(words, troupe::limits::quoted_text_bytes_max));
  }

  http_answer ended(http_fault fault, std::string problem) {
    http_answer out;
    out.fault = fault;
    out.problem = std::move(problem);
    out.status = status();
    out.retry_after = std::move(retry_after_);
    out.body = std::move(body_);
    out.headers = std::move(headers_taken_);
    return out;
  }

  CURLM* multi_;
  CURL* easy_;
  const http_call& call_;
  const stream_sink& stream_;
  header_list headers_;
  clock::time_point start_;
  clock::time_point last_byte_;
  std::array<char, CURL_ERROR_SIZE> error_{};
  std::string retry_after_;
  std::string body_;
  std::vector<std::pair<std::string, std::string>> headers_taken_;
  std::string problem_;
  std::size_t taken_ = 0;
  http_fault fault_ = http_fault::none;
  bool streaming_ = false;
  bool ended_by_sink_ = false;
};

} // namespace

struct curl_transport::pool {
  std::string proxy;
  std::mutex guard;
  std::vector<std::unique_ptr<connection>> idle;

  std::unique_ptr<connection> take() {
    const std::lock_guard lock(guard);
    if (idle.empty())
      return std::make_unique<connection>();
    auto out = std::move(idle.back());
    idle.pop_back();
    return out;
  }

  void give_back(std::unique_ptr<connection> used) {
    const std::lock_guard lock(guard);
    if (idle.size() < limits::idle_connections)
      idle.push_back(std::move(used));
  }
};

curl_transport::curl_transport(std::string proxy)
    : pool_(std::make_unique<pool>()) {
  start_library();
  pool_->proxy = std::move(proxy);
}

curl_transport::~curl_transport() = default;

http_answer curl_transport::send(const http_call& call, const cancel_token& canceled,
                                 const stream_sink& stream) {
  auto on = pool_->take();
  http_answer answer;
  if (!on->multi || !on->easy) {
    answer.fault = http_fault::unreachable;
    answer.problem = "the HTTP client has no memory for another call";
    return answer;
  }
  answer = transfer(*on, call, stream, pool_->proxy).run(canceled);
  pool_->give_back(std::move(on));
  return answer;
}

} // namespace troupe::http
