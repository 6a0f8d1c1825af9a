#include "cluster/link/certificates.hpp"

#include <memory>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace troupe::cluster {
namespace {

template<auto Free>
struct freed {
  template<class T>
  void operator()(T* what) const {
    Free(what);
  }
};
using key_ptr = std::unique_ptr<EVP_PKEY, freed<EVP_PKEY_free>>;
using x509_ptr = std::unique_ptr<X509, freed<X509_free>>;
using bio_ptr = std::unique_ptr<BIO, freed<BIO_free>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, freed<X509_EXTENSION_free>>;

constexpr auto ten_years = milliseconds(std::int64_t{3650} * 24 * 3'600 * 1'000);
constexpr int serial_bytes = 16;

tl::unexpected<error> problem(const std::string& what) {
  char text[256] = "";
  ERR_error_string_n(ERR_get_error(), text, sizeof text);
  return fail(fault::internal, what + ": " + text);
}

template<class Write>
std::string pem_of(Write write) {
  bio_ptr memory(BIO_new(BIO_s_mem()));
  if (!memory || write(memory.get()) != 1)
    return {};
  char* begin = nullptr;
  const auto size = BIO_get_mem_data(memory.get(), &begin);
  return std::string(begin, static_cast<std::size_t>(size));
}

bool add(X509* to, X509* issuer, int what, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
  extension_ptr made(X509V3_EXT_conf_nid(nullptr, &context, what, value));
  return made && X509_add_ext(to, made.get(), -1) == 1;
}

bool draw_serial(X509* of) {
  unsigned char bytes[serial_bytes];
  if (RAND_bytes(bytes, serial_bytes) != 1)
    return false;
  bytes[0] &= 0x7f;
  std::unique_ptr<BIGNUM, freed<BN_free>> number(BN_bin2bn(bytes, serial_bytes, nullptr));
  return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(of)) != nullptr;
}

x509_ptr begin(const std::string& name, EVP_PKEY* key, instant now, instant until) {
  x509_ptr made(X509_new());
  constexpr auto clocks_differ = milliseconds(3'600'000);
  const auto seconds = [](instant t) { return static_cast<time_t>(to_ms(t) / 1'000); };
  const bool ok = made && X509_set_version(made.get(), 2) == 1 && draw_serial(made.get()) &&
                  ASN1_TIME_set(X509_getm_notBefore(made.get()), seconds(now - clocks_differ)) != nullptr &&
                  ASN1_TIME_set(X509_getm_notAfter(made.get()), seconds(until)) != nullptr &&
                  X509_set_pubkey(made.get(), key) == 1 &&
                  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                                             reinterpret_cast<const unsigned char*>(name.data()),
                                             static_cast<int>(name.size()), -1, 0) == 1;
  return ok ? std::move(made) : nullptr;
}

certificate finish(X509* made, EVP_PKEY* key) {
  return {pem_of([&](BIO* to) { return PEM_write_bio_X509(to, made); }), pem_of([&](BIO* to) {
            return PEM_write_bio_PrivateKey(to, key, nullptr, nullptr, 0, nullptr, nullptr);
          })};
}

} // namespace

result<certificate> make_authority(const std::string& name, instant now) {
  key_ptr key(EVP_EC_gen("P-256"));
  auto made = key ? begin(name, key.get(), now, now + ten_years) : nullptr;
  const bool ok = made && X509_set_issuer_name(made.get(), X509_get_subject_name(made.get())) == 1 &&
                  add(made.get(), made.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                  add(made.get(), made.get(), NID_key_usage, "critical,keyCertSign,cRLSign") &&
                  X509_sign(made.get(), key.get(), EVP_sha256()) > 0;
  if (!ok)
    return problem("the authority's certificate cannot be made");
  return finish(made.get(), key.get());
}

result<certificate> make_node_certificate(const certificate& authority, const std::string& node, instant now,
                                          instant until) {
  bio_ptr ca_pem(BIO_new_mem_buf(authority.pem.data(), static_cast<int>(authority.pem.size())));
  bio_ptr ca_key_pem(BIO_new_mem_buf(authority.key.data(), static_cast<int>(authority.key.size())));
  x509_ptr ca(PEM_read_bio_X509(ca_pem.get(), nullptr, nullptr, nullptr));
  key_ptr ca_key(PEM_read_bio_PrivateKey(ca_key_pem.get(), nullptr, nullptr, nullptr));
  if (!ca || !ca_key)
    return fail(fault::invalid, "the authority's certificate or key cannot be read");
  key_ptr key(EVP_EC_gen("P-256"));
  auto made = key ? begin(node, key.get(), now, until) : nullptr;
  const bool ok = made && X509_set_issuer_name(made.get(), X509_get_subject_name(ca.get())) == 1 &&
                  add(made.get(), ca.get(), NID_basic_constraints, "critical,CA:FALSE") &&
                  add(made.get(), ca.get(), NID_key_usage, "critical,digitalSignature") &&
                  add(made.get(), ca.get(), NID_ext_key_usage, "serverAuth,clientAuth") &&
                  X509_sign(made.get(), ca_key.get(), EVP_sha256()) > 0;
  if (!ok)
    return problem("the certificate of node " + node + " cannot be made");
  return finish(made.get(), key.get());
}

} // namespace troupe::cluster
