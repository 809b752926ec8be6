#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace pushbench::net {

/// Gives OpenSSL's objects back with its own functions.
struct OpenSslFree {
  void operator()(BIO_METHOD* p) const { BIO_meth_free(p); }
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(SSL* p) const { SSL_free(p); }
  void operator()(SSL_CTX* p) const { SSL_CTX_free(p); }
  void operator()(SSL_SESSION* p) const { SSL_SESSION_free(p); }
  void operator()(X509* p) const { X509_free(p); }
};

template <class T>
using OpenSsl = std::unique_ptr<T, OpenSslFree>;

/// What the call that just failed says is wrong: the first entry of the thread's error queue.
std::string openssl_reason();

}  // namespace pushbench::net
