#pragma once

#include <memory>
#include <string>

#include "clients/client.h"
#include "net/stream.h"
#include "net/timer.h"
#include "wire/http.h"

namespace pushbench::clients {

class HttpConnectionListener {
 public:
  virtual ~HttpConnectionListener() = default;
  virtual void on_connected() = 0;
  virtual void on_response(const wire::HttpMessage& response) = 0;
  virtual void on_connection_lost(const std::string& reason) = 0;  // no response came, or none yet
  virtual void on_unreadable(const std::string& what) = 0;         // what came is not HTTP
};

/// One kept-alive HTTP/1.1 connection, as a browser holds it: one request at a time, connecting
/// anew when the server has closed it in between.
class HttpConnection final : private net::StreamListener {
 public:
  /// A connection on which no answer has come within `limit` of the request is lost.
  HttpConnection(const Shared& shared, net::Traffic& traffic, HttpConnectionListener& listener,
                 net::Duration limit)
      : shared_(shared),
        traffic_(traffic),
        listener_(listener),
        limit_(limit),
        overdue_(shared.loop, net::Callback::to<&HttpConnection::on_overdue>(this)) {}
  ~HttpConnection() override { close(); }

  void send(std::string request);  // a whole request; connects first if need be
  void close();                    // what it waits for does not come any more
  bool open() const { return stream_ != nullptr; }
  bool waiting() const { return waiting_; }  // for a response

 private:
  void connect();
  void on_open() override;
  void on_bytes(std::span<char> bytes) override;
  void on_end(const std::string& reason) override;
  void on_overdue();

  const Shared& shared_;
  net::Traffic& traffic_;
  HttpConnectionListener& listener_;
  const net::Duration limit_;
  net::Timer overdue_;  // runs while it waits
  std::unique_ptr<net::Stream> stream_;
  std::unique_ptr<wire::HttpParser> parser_;
  std::string request_;  // that is under way, or waits for the connection
  bool connected_ = false;
  bool waiting_ = false;
  bool stood_idle_ = false;  // before the request that is under way, to which nothing has come
};

}  // namespace pushbench::clients
