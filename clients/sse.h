#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "clients/http_client.h"
#include "clients/requests.h"
#include "net/stream.h"
#include "net/timer.h"
#include "wire/event_stream.h"
#include "wire/http.h"

namespace pushbench::clients {

/// Server-sent events, as a browser's EventSource does it: one request whose answer never ends, and
/// in which each batch is an event. Its id is what to go on from after a lost connection.
class Sse : public HttpClient,
            private net::StreamListener,
            private wire::BodySink,
            private wire::EventSink {
 public:
  Sse(const Shared& shared, const Identity& identity, const ClientOptions& options);
  ~Sse() override { Sse::disconnect(); }

 protected:
  // Another dialect says these in its own way:
  virtual std::string target() const { return events_target(room_, after()); }
  virtual std::string more_headers() const { return {}; }  // whole lines of the request
  virtual void take_event(std::string_view type, std::string_view data, std::string_view id);

  void connect() override;
  void disconnect() override;
  std::string_view last_event_id() const { return events_.last_event_id(); }

 private:
  net::Duration pause() const override { return pause_; }

  void on_open() override;
  void on_bytes(std::span<char> bytes) override;
  void on_flushed() override { parts_.up.heads += std::exchange(unsent_, 0); }
  void on_end(const std::string& reason) override;
  void on_timer();

  void refuse();
  bool on_head(const wire::HttpMessage& answer) override;
  void on_body(std::string_view piece) override;

  void on_event(std::string_view type, std::string_view data, std::string_view id) override;
  void on_retry(std::uint64_t milliseconds) override;

  std::unique_ptr<net::Stream> stream_;
  std::uint64_t unsent_ = 0;  // bytes of the request, until the kernel has accepted them
  std::unique_ptr<wire::HttpParser> answer_;
  wire::EventStreamParser events_;
  net::Duration pause_;          // the server may ask for another
  const net::Duration silence_;  // 0: it may last for ever
  net::Timer timer_;
  bool heard_ = false;  // something, since the timer was started
};

}  // namespace pushbench::clients
