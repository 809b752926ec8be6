#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "clients/client.h"
#include "clients/requests.h"
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

/// What all requests on a connection have in common.
struct HttpExchanges {
  std::string_view headers;  // lines beyond those that HTTP asks for; they outlive the connection
  net::Duration limit;  // a connection on which no answer has come by then is lost; 0: it never is
  bool close_each = false;    // a new connection for each of them
  net::Link* link = nullptr;  // that they go through: see Identity
};

/// One kept-alive HTTP/1.1 connection, as a browser holds it: one request at a time, connecting
/// anew when the server has closed it in between, or when each exchange is to have its own.
class HttpConnection final : private net::StreamListener {
 public:
  HttpConnection(const Shared& shared, net::Traffic& traffic, Parts& parts,
                 HttpConnectionListener& listener, const HttpExchanges& exchanges);
  ~HttpConnection() override { close(); }

  /// Both connect first if need be. `more_headers`, whole lines, go into this one request.
  void get(std::string_view target, std::string_view more_headers = {});
  void post(std::string_view target, std::string_view body);
  void close();  // what it waits for does not come any more
  bool open() const { return stream_ != nullptr; }
  bool waiting() const { return waiting_; }  // for a response

 private:
  /// A connection whose last answer has come: the server ends it, so that TIME_WAIT is on its side
  /// and the ports here do not run out. What still comes is dropped.
  class Leaving final : public net::StreamListener {
   public:
    explicit Leaving(net::Loop& loop) : loop_(loop) {}
    ~Leaving() override { drop(); }
    void take(std::unique_ptr<net::Stream> stream);  // gives up the one before, if it lasts so long
    void drop();

   private:
    void on_open() override {}
    void on_bytes(std::span<char>) override {}
    void on_end(const std::string&) override { drop(); }

    net::Loop& loop_;
    std::unique_ptr<net::Stream> stream_;
  };

  RequestStyle style() const { return {host_, exchanges_.headers, exchanges_.close_each}; }
  std::string take_spare();
  void send(std::string request, std::size_t body);
  void write_request();
  void connect();
  void leave();
  void on_open() override;
  void on_bytes(std::span<char> bytes) override;
  void on_flushed() override { parts_.up.add(std::exchange(unsent_, {})); }
  void on_end(const std::string& reason) override;
  void on_overdue();

  const Shared& shared_;
  const std::string host_;
  net::Traffic& traffic_;
  Parts& parts_;
  HttpConnectionListener& listener_;
  const HttpExchanges exchanges_;
  net::Timer overdue_;  // runs while it waits
  std::unique_ptr<net::Stream> stream_;
  Leaving leaving_;
  std::unique_ptr<wire::HttpParser> parser_;
  // That is under way, or waits for the connection; shared with the stream until it has left.
  std::shared_ptr<std::string> request_;
  std::size_t body_ = 0;  // bytes of it
  Sizes unsent_;          // of requests that the kernel has not accepted yet
  bool connected_ = false;
  bool waiting_ = false;
  bool stood_idle_ = false;  // before the request that is under way, to which nothing has come
};

}  // namespace pushbench::clients
