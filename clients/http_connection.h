#pragma once

#include <memory>
#include <string>

#include "net/address.h"
#include "net/loop.h"
#include "net/stream.h"
#include "wire/http.h"
#include "wire/result.h"

namespace pushbench::clients {

class HttpConnectionListener {
 public:
  virtual ~HttpConnectionListener() = default;
  virtual void on_connected() = 0;
  virtual void on_response(const wire::HttpMessage& response) = 0;
  virtual void on_connection_failed(
      const Error& error) = 0;  // could not connect, or no response came
};

/// One kept-alive HTTP/1.1 connection, as a browser holds it: one request at a time, reconnecting
/// when the server has closed it in between.
class HttpConnection final : private net::StreamListener {
 public:
  HttpConnection(net::Loop& loop, const net::Address& server, net::Traffic& traffic,
                 HttpConnectionListener& listener)
      : loop_(loop), server_(server), traffic_(traffic), listener_(listener) {}
  ~HttpConnection() override { close(); }

  void open();
  void send(std::string request);  // a whole request; connects first if need be
  void close();
  bool waiting() const { return waiting_; }  // for a response

 private:
  void on_open() override;
  void on_bytes(std::span<char> bytes) override;
  void on_end(const std::string& reason) override;
  void fail(const std::string& what);

  net::Loop& loop_;
  const net::Address& server_;
  net::Traffic& traffic_;
  HttpConnectionListener& listener_;
  std::unique_ptr<net::Stream> stream_;
  std::unique_ptr<wire::HttpParser> parser_;
  std::string unsent_;  // the request that waits for the connection
  bool connected_ = false;
  bool waiting_ = false;
};

}  // namespace pushbench::clients
