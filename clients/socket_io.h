#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clients/client.h"
#include "clients/drafts_under_way.h"
#include "clients/http_connection.h"
#include "clients/socket_client.h"
#include "net/timer.h"
#include "wire/socket_io.h"

namespace pushbench::clients {

// Dialect `socketio`: Socket.IO 4 over Engine.IO 4, in the main namespace, by one transport from
// the start. A client joins a room with the event `join`, which the server acknowledges, and
// publishes with the event `say`; the server sends each draft as the event `message` to everybody
// in the room. Nothing is kept: what is said while a connection is down does not come, and a draft
// is sent once, since nobody would know it again.

/// Carries a session's packets, and hears what becomes of it.
class SocketIoListener {
 public:
  virtual ~SocketIoListener() = default;
  virtual bool carry(std::string_view packet) = 0;  // to the server; false: there is no way now
  virtual void on_session(const wire::EngineSession& session) = 0;
  virtual void on_room_joined() = 0;
  virtual void on_event(std::string_view json) = 0;
  /// The session is over: for good, or another one may be begun.
  virtual void on_over(const std::string& why, bool for_good) = 0;
};

/// One session: what is said in it, whichever transport carries it.
class SocketIoSession final {
 public:
  /// `patience`: how long it may take from begin() until the room is joined.
  SocketIoSession(net::Loop& loop, SocketIoListener& listener, net::Duration patience);

  void begin(const std::string& room);
  void end();
  bool on_packet(std::string_view text);  // false: it has ended
  bool in_room() const { return in_room_; }

 private:
  void take(const wire::SocketIoPacket& packet);
  void open(std::string_view json);
  void on_overdue();

  SocketIoListener& listener_;
  const net::Duration patience_;
  std::string room_;
  net::Duration heartbeat_{};  // from one ping of the server's to the next, at most
  net::Timer timer_;           // until the room is joined, and then until the next ping
  bool begun_ = false;
  bool open_ = false;
  bool in_room_ = false;
};

/// A user in a room of a session; Base, which is Client or SocketClient, and what is derived from
/// this carry its packets.
template <class Base>
class InSocketIoRoom : public Base, protected SocketIoListener {
 public:
  std::vector<std::string> drafts_under_way() const override { return drafts_.ids(); }

 protected:
  template <class... More>
  InSocketIoRoom(const Shared& shared, const Identity& identity, const ClientOptions& options,
                 const More&... more)
      : Base(shared, identity, more...), session_(shared.loop, *this, options.set_up) {}

  void send_draft(const Draft& draft) override {
    auto& kept = drafts_.add(draft, wire::encode_say(this->room_, draft));
    if (session_.in_room()) kept.sent = carry(kept.text);
  }
  void on_received(const wire::Message& message) override { drafts_.on_received(message); }

  void on_room_joined() override {
    this->succeeded();
    for (auto& draft : drafts_) draft.sent = carry(draft.text);
    this->subscribed();
  }
  void on_event(std::string_view json) override {
    const auto draft = this->shared_.batches.read_event(json, "message");
    if (!draft) return this->failed(draft.error().line());
    if (*draft) this->take_draft(**draft);
  }
  void on_over(const std::string& why, bool for_good) override {
    for_good ? this->failed(why) : this->lost(why);
  }

  SocketIoSession session_;
  DraftsUnderWay drafts_;
};

/// Packets by POST, one request at a time: those that come meanwhile go together in the next one.
class SocketIoPosts final : private HttpConnectionListener {
 public:
  SocketIoPosts(const Shared& shared, Client& client, net::Traffic& traffic, Parts& parts,
                SocketIoListener& session, const ClientOptions& options, net::Link* link);

  void begin(std::string target, std::uint64_t max_payload);  // of a session; 0: any size
  void send(std::string_view packet, Ended kind);             // as what its exchange is told
  void close();

 private:
  void post();
  void on_connected() override { shared_.listener.on_connection(client_); }
  void on_response(const wire::HttpMessage& response) override;
  void on_connection_lost(const std::string& reason) override { session_.on_over(reason, false); }
  void on_unreadable(const std::string& what) override { session_.on_over(what, true); }

  const Shared& shared_;
  Client& client_;
  SocketIoListener& session_;
  HttpConnection connection_;
  std::string target_;
  std::uint64_t max_payload_ = 0;
  std::string waiting_;  // packets, with separators between them
  Ended waiting_kind_ = Ended::opened;
  Ended kind_ = Ended::opened;  // of the request under way
};

/// Asks, gets all packets that there are as soon as there is one, and asks again at once. What it
/// has to say goes by POST on a second connection.
class SocketIoLongPolling final : public InSocketIoRoom<Client>, private HttpConnectionListener {
 public:
  SocketIoLongPolling(const Shared& shared, const Identity& identity, const ClientOptions& options);

 private:
  void connect() override;
  void disconnect() override;
  std::string target() const;
  void ask() { polls_.get(target()); }

  void on_connected() override { shared_.listener.on_connection(*this); }
  void on_response(const wire::HttpMessage& response) override;
  void on_connection_lost(const std::string& reason) override { lost(reason); }
  void on_unreadable(const std::string& what) override { failed(what); }
  void refuse(const wire::HttpMessage& response);
  bool take_packets(std::string_view payload);

  bool carry(std::string_view packet) override;
  void on_session(const wire::EngineSession& session) override;

  const std::string path_;
  std::string sid_;  // "": no session yet
  HttpConnection polls_;
  SocketIoPosts posts_;
};

/// A WebSocket of which each text message is a packet.
class SocketIoWebSocket final : public InSocketIoRoom<SocketClient> {
 public:
  SocketIoWebSocket(const Shared& shared, const Identity& identity, const ClientOptions& options);

 private:
  void connect() override;
  void disconnect() override;
  std::string target() const override;
  void on_upgraded() override { session_.begin(room_); }
  void on_payload(std::string_view packet) override { session_.on_packet(packet); }

  bool carry(std::string_view packet) override { return send_text(packet); }
  void on_session(const wire::EngineSession&) override {}

  const std::string path_;
};

}  // namespace pushbench::clients
