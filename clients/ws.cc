#include "clients/ws.h"

#include "clients/requests.h"

namespace pushbench::clients {

Ws::Ws(const Shared& shared, const Identity& identity, const ClientOptions& options)
    : SocketClient(shared, identity, options), path_(path_or(options.path, "/{room}")) {}

std::string Ws::target() const { return with_room(path_, room_); }

void Ws::connect() {
  drafts_.drop_sent();
  SocketClient::connect();
}

/// The server says nothing more: whoever is connected is in the room.
void Ws::on_upgraded() {
  for (DraftsUnderWay::Kept& draft : drafts_) draft.sent = send_text(draft.text);
  subscribed();
}

void Ws::send_draft(const Draft& draft) {
  DraftsUnderWay::Kept& kept = drafts_.add(draft, wire::encode_draft(draft));
  kept.sent = send_text(kept.text);
}

}  // namespace pushbench::clients
