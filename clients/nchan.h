#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clients/http_client.h"
#include "clients/http_connection.h"
#include "clients/http_publisher.h"
#include "clients/socket_client.h"
#include "clients/sse.h"

namespace pushbench::clients {

// Dialect `nchan`: nginx with the module nchan, which keeps a room's latest messages for a while. A
// draft is published by POST, and subscribers get its bytes as they are, under an id of "time:tag".
// The server says on a GET where a room stands; from there on a client takes what comes, and from
// the last id that it has it goes on after a loss. So what is still kept comes once and in order;
// what is not kept any more is missing without a word. A POST that has no answer is sent again, and
// nchan does not know it again.

/// Where a room is published to and subscribed to, below the path of the server's URL.
class NchanPaths {
 public:
  explicit NchanPaths(std::string_view path);
  std::string publish(std::string_view room) const { return prefix_ + "/pub/" + std::string(room); }
  std::string subscribe(std::string_view room) const;

 private:
  std::string prefix_;  // without a '/' at its end
};

/// Where a room stands, in the server's answer to a GET of what is published to: an id; none where
/// the answer is a refusal, or not nchan's.
std::optional<std::string> nchan_place(const wire::HttpMessage& answer);

/// Asks, waits for the next message, and asks at once for the one behind it: each answer holds one,
/// and in Last-Modified and Etag where it stands, which is what the next request asks by.
class NchanLongPolling final : public HttpClient, private HttpConnectionListener {
 public:
  NchanLongPolling(const Shared& shared, const Identity& identity, const ClientOptions& options);

 private:
  void connect() override { ask(); }
  void disconnect() override { connection_.close(); }
  std::string publish_target() const override { return paths_.publish(room_); }
  void ask();
  void begin(const wire::HttpMessage& answer);

  void on_connected() override;
  void on_response(const wire::HttpMessage& response) override;
  void on_connection_lost(const std::string& reason) override { lost(reason); }
  void on_unreadable(const std::string& what) override { failed(what); }

  const NchanPaths paths_;
  std::string cursor_;  // lines of the next request; "": the room's place is not known yet
  HttpConnection connection_;
};

/// Before the first connection of Sse or SocketClient, another one on which to ask where the room
/// stands.
template <class Base>
class FromNchanPlace : public Base, private HttpConnectionListener {
 protected:
  FromNchanPlace(const Shared& shared, const Identity& identity, const ClientOptions& options)
      : Base(shared, identity, options),
        paths_(options.path),
        asking_(this->shared_, this->traffic_, this->parts_, *this,
                {this->shared_.headers.fetch, options.set_up, true, identity.link}) {}

  void connect() override {
    if (place_.empty()) return asking_.get(paths_.publish(this->room_));
    Base::connect();
  }
  void disconnect() override {
    asking_.close();
    Base::disconnect();
  }

  const NchanPaths paths_;
  std::string place_;  // the id to go on from

 private:
  void on_connected() override { this->shared_.listener.on_connection(*this); }
  void on_response(const wire::HttpMessage& answer) override {
    this->shared_.listener.on_exchange(*this, Ended::opened);
    const std::optional<std::string> place = nchan_place(answer);
    if (!place) return this->refused(answer);
    place_ = *place;
    if (!this->has_left()) Base::connect();
  }
  void on_connection_lost(const std::string& reason) override { this->lost(reason); }
  void on_unreadable(const std::string& what) override { this->failed(what); }

  HttpConnection asking_;
};

/// An event stream in which each message is an event, with its id.
class NchanSse final : public FromNchanPlace<Sse> {
 public:
  NchanSse(const Shared& shared, const Identity& identity, const ClientOptions& options);

 private:
  std::string target() const override { return paths_.subscribe(room_); }
  std::string more_headers() const override;
  void take_event(std::string_view type, std::string_view data, std::string_view id) override;
  std::string publish_target() const override { return paths_.publish(room_); }
};

/// A WebSocket on which messages come, each with its id before it. Drafts go by POST nevertheless.
class NchanWebSocket final : public FromNchanPlace<SocketClient> {
 public:
  NchanWebSocket(const Shared& shared, const Identity& identity, const ClientOptions& options);

  void leave() override;
  bool cut() override;
  std::vector<std::string> drafts_under_way() const override {
    return publisher_.drafts_under_way();
  }

 private:
  std::string target() const override;
  std::string_view subprotocol() const override;
  void on_upgraded() override { subscribed(); }
  void on_payload(std::string_view text) override;
  void send_draft(const Draft& draft) override { publisher_.publish(paths_.publish(room_), draft); }

  HttpPublisher publisher_;
};

}  // namespace pushbench::clients
