#include "gateway/log/access_log.hpp"

#include "gateway/http/json_text.hpp"

#include <nlohmann/json.hpp>

namespace troupe::gateway {

namespace {

bool is_probe(const request_record& record) {
  return record.status < 400 && !record.route.empty() && !record.route.starts_with("/v1/");
}

log_fields fields_of(const request_record& record) {
  nlohmann::json metadata{{"method", record.method},       {"path", record.path},
                          {"route", record.route},         {"status", record.status},
                          {"bytesIn", record.bytes_in},    {"bytesOut", record.bytes_out},
                          {"tookUs", record.took.count()}, {"peer", record.peer}};
  return {record.correlation, {}, "http.request", json_text(metadata)};
}

} // namespace

void access_log::completed(const request_record& record) {
  const auto line = record.method + " " + record.path + " " + std::to_string(record.status) + " in " +
                    std::to_string(record.took.count()) + " us";
  if (is_probe(record))
    return logger_.debug(line, fields_of(record));
  if (record.status >= 500)
    return logger_.error(line, fields_of(record));
  logger_.info(line, fields_of(record));
}

} // namespace troupe::gateway
