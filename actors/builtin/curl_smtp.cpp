#include "actors/builtin/smtp.hpp"

#include "actors/builtin/limits.hpp"
#include "config/schema/json_text.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <curl/curl.h>
#include <memory>

namespace troupe::builtin {
namespace {

struct easy_closer {
  void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
struct list_closer {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

/// One mail on one connection.
class delivery {
public:
  delivery(const smtp_settings& to, const smtp_mail& mail, const cancel_token& canceled)
      : mail_(mail)
      , canceled_(canceled)
      , easy_(curl_easy_init()) {
    ensure(easy_ != nullptr, "there is memory for a mail connection");
    const auto scheme = to.security == "tls" ? "smtps://" : "smtp://";
    set(CURLOPT_URL, (scheme + to.host + ":" + std::to_string(to.port) + "/troupe").c_str());
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_USE_SSL, static_cast<long>(to.security == "none" ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_READFUNCTION, &delivery::on_read);
    set(CURLOPT_READDATA, this);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &delivery::on_progress);
    set(CURLOPT_XFERINFODATA, this);
    set(CURLOPT_ERRORBUFFER, words_.data());
    address();
  }

  void log_in(const std::string& user, const std::string& password) {
    set(CURLOPT_SASL_IR, 1L); // saves a round trip
    set(CURLOPT_USERNAME, user.c_str());
    set(CURLOPT_PASSWORD, password.c_str());
  }

  std::optional<smtp_failure> run(milliseconds time) {
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(time.count(), 1)));
    const auto code = curl_easy_perform(easy_.get());
    if (code == CURLE_OK)
      return std::nullopt;
    long reply = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &reply);
    return judge(code, reply);
  }

private:
  template<class Value>
  void set(CURLoption option, Value value) {
    ensure(curl_easy_setopt(easy_.get(), option, value) == CURLE_OK, "libcurl knows its options");
  }

  void address() {
    set(CURLOPT_MAIL_FROM, ("<" + mail_.from + ">").c_str());
    for (const auto& one : mail_.to) {
      curl_slist* longer = curl_slist_append(to_.get(), ("<" + one + ">").c_str());
      ensure(longer != nullptr, "there is memory for recipients");
      (void)to_.release(); // the old list is the head of the new one
      to_.reset(longer);
    }
    set(CURLOPT_MAIL_RCPT, to_.get());
  }

  static std::size_t on_read(char* into, std::size_t size, std::size_t count, void* self) {
    auto& me = *static_cast<delivery*>(self);
    const auto part = std::min(size * count, me.mail_.text.size() - me.read_);
    std::memcpy(into, me.mail_.text.data() + me.read_, part);
    me.read_ += part;
    return part;
  }

  static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<delivery*>(self)->canceled_.canceled() ? 1 : 0;
  }

  /// A reply from 400 on is the server's own word that it did not take the mail. Without one, a mail that was
  /// written to its end may have arrived.
  smtp_failure judge(CURLcode code, long reply) const {
    smtp_failure made;
    const std::string_view words = words_[0] != '\0' ? words_.data() : curl_easy_strerror(code);
    made.message = "the mail server: " + config::shorten(words, limits::excerpt_bytes);
    const bool refused = reply >= 400;
    made.in_doubt = !refused && read_ == mail_.text.size();
    if (code == CURLE_ABORTED_BY_CALLBACK)
      made.kind = "canceled";
    else if (code == CURLE_OPERATION_TIMEDOUT)
      made.kind = "timeout";
    else if (reply >= 500 || code == CURLE_LOGIN_DENIED)
      made.kind = "rejected";
    else
      made.kind = "unavailable";
    return made;
  }

  const smtp_mail& mail_;
  const cancel_token& canceled_;
  std::unique_ptr<CURL, easy_closer> easy_;
  std::unique_ptr<curl_slist, list_closer> to_;
  std::array<char, CURL_ERROR_SIZE> words_{};
  std::size_t read_ = 0;
};

} // namespace

std::optional<smtp_failure> curl_smtp::deliver(const smtp_mail& mail, milliseconds time,
                                               const cancel_token& canceled) {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  ensure(started == CURLE_OK, "libcurl starts");
  delivery now(settings_, mail, canceled);
  if (!settings_.user.empty()) {
    const auto password = settings_.password();
    if (!password)
      return smtp_failure{"rejected", password.error().message, false};
    now.log_in(settings_.user, *password);
  }
  return now.run(time);
}

} // namespace troupe::builtin
