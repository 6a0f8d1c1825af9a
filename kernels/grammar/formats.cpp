#include "kernels/grammar/formats.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace troupe::kernels::grammar {

namespace {

using std::string;

const string octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const string ipv4 = octet + "(?:\\." + octet + "){3}";

/// RFC 3339. February has 29 days in the years that can be divided by 4, but not by 100 unless by 400.
string date_of_calendar() {
  const string leap = "(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)";
  return "(?:\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:"
         "0[1-9]|1\\d|2[0-8]))"
         "|" +
         leap + "-02-29)";
}

string zone_offset() { return "(?:[Zz]|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)"; }

string time_of_day() { return "(?:[01]\\d|2[0-3]):[0-5]\\d:(?:[0-5]\\d|60)(?:\\.\\d+)?" + zone_offset(); }

string length_of_time() {
  const string clock = "T(?:\\d+H(?:\\d+M(?:\\d+S)?)?|\\d+M(?:\\d+S)?|\\d+S)";
  const string days = "(?:\\d+Y(?:\\d+M(?:\\d+D)?)?|\\d+M(?:\\d+D)?|\\d+D)";
  return "P(?:" + days + "(?:" + clock + ")?|" + clock + "|\\d+W)";
}

const string label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

string hostname() { return "(?=.{1,253}$)" + label + "(?:\\." + label + ")*"; }

string email() {
  const string atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
  // Validators differ about hosts without a dot; what is written here fits all of them.
  return atom + "(?:\\." + atom + ")*@" + label + "(?:\\." + label + ")+";
}

string ipv6() {
  const string piece = "[0-9A-Fa-f]{1,4}";
  const string last = "(?:" + piece + ":" + piece + "|" + ipv4 + ")";
  const auto before = [&](int most) {
    return "(?:(?:" + piece + ":){0," + std::to_string(most) + "}" + piece + ")?::";
  };
  return "(?:(?:" + piece + ":){6}" + last + "|::(?:" + piece + ":){5}" + last + "|(?:" + piece +
         ")?::(?:" + piece + ":){4}" + last + "|" + before(1) + "(?:" + piece + ":){3}" + last + "|" +
         before(2) + "(?:" + piece + ":){2}" + last + "|" + before(3) + piece + ":" + last + "|" + before(4) +
         last + "|" + before(5) + piece + "|" + before(6) + ")";
}

/// RFC 3986, with `character` for what may stand unescaped beside its marks.
struct addresses {
  string unreserved; // but the dash, which goes last in a class

  string pchar() const { return "(?:[" + unreserved + "!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})"; }
  string authority() const {
    const string user = "(?:[" + unreserved + "!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*@";
    const string name = "(?:[" + unreserved + "!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*";
    return "(?:" + user + ")?(?:\\[(?:" + ipv6() + "|v[0-9A-Fa-f]+\\.[A-Za-z0-9._~!$&'()*+,;=:-]+)\\]|" +
           name + ")(?::\\d*)?";
  }
  string tail() const {
    const string rest = "(?:" + pchar() + "|[/?])*";
    return "(?:\\?" + rest + ")?(?:#" + rest + ")?";
  }
  string absolute() const {
    const string path = "(?:/" + pchar() + "*)*";
    return "[A-Za-z][A-Za-z0-9+.-]*:(?://" + authority() + path + "|/(?:" + pchar() + "+" + path + ")?|" +
           pchar() + "+" + path + ")?" + tail();
  }
  string reference() const {
    const string path = "(?:/" + pchar() + "*)*";
    const string first = "(?:[" + unreserved + "!$&'()*+,;=@-]|%[0-9A-Fa-f]{2})+";
    return "(?:" + absolute() + "|(?://" + authority() + path + "|/(?:" + pchar() + "+" + path + ")?|" +
           first + path + ")?" + tail() + ")";
  }
  string reference_template() const {
    const string variable =
        "(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})+(?:\\.(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})+)*(?::[1-9]\\d{0,3}|\\*)?";
    return "(?:[" + unreserved + "!#$&()*+,/:;=?@\\[\\]'-]|%[0-9A-Fa-f]{2}|\\{[+#./;?&=,!@|]?" + variable +
           "(?:," + variable + ")*\\})*";
  }
};

string whole(const string& expression) { return "^(?:" + expression + ")$"; }

std::vector<std::pair<string, string>> all_formats() {
  const addresses plain{"A-Za-z0-9._~"};
  const addresses international{
      "A-Za-z0-9._~\\u{a0}-\\u{d7ff}\\u{f900}-\\u{fdcf}\\u{fdf0}-\\u{ffef}\\u{10000}-\\u{efffd}"};
  const string uuid = "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}";
  const string pointer = "(?:/(?:[^~/]|~[01])*)*";
  return {{"date", whole(date_of_calendar())},
          {"time", whole(time_of_day())},
          {"date-time", whole(date_of_calendar() + "[Tt]" + time_of_day())},
          {"duration", whole(length_of_time())},
          {"email", whole(email())},
          {"hostname", "^" + hostname() + "$"},
          {"ipv4", whole(ipv4)},
          {"ipv6", whole(ipv6())},
          {"uuid", whole(uuid)},
          {"uri", whole(plain.absolute())},
          {"uri-reference", whole(plain.reference())},
          {"uri-template", whole(plain.reference_template())},
          {"iri", whole(international.absolute())},
          {"iri-reference", whole(international.reference())},
          {"json-pointer", whole(pointer)},
          {"relative-json-pointer", whole("(?:0|[1-9]\\d*)(?:#|" + pointer + ")")}};
}

} // namespace

std::string_view format_named(std::string_view name) {
  static const auto formats = all_formats();
  const auto found =
      std::find_if(formats.begin(), formats.end(), [&](const auto& one) { return one.first == name; });
  return found == formats.end() ? std::string_view() : std::string_view(found->second);
}

} // namespace troupe::kernels::grammar
