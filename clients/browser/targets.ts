// What the transports ask for, as the C++ clients do (clients/requests.h). `after` is a cursor as a
// query takes it: "k3f9.17".

const room = (name: string): string => `/rooms/${encodeURIComponent(name)}`;

export const roomTarget = room;
export const pollTarget = (name: string, after: string): string =>
  `${room(name)}/poll?after=${after}`;
export const longPollTarget = (name: string, after: string, holdS: number): string =>
  `${room(name)}/long-poll?after=${after}&wait=${holdS}`;
export const eventsTarget = (name: string, after: string): string =>
  `${room(name)}/events?after=${after}`;
export const socketTarget = (name: string, after: string): string =>
  `${room(name)}/socket?after=${after}`;
/** To be posted to. */
export const messagesTarget = (name: string): string => `${room(name)}/messages`;
