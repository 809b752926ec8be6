// The pages' words in English.

import { race } from '../race/en.js';
import { counted as countedIn } from './counted.js';
import type { Forms } from './counted.js';
import type { ChatTexts, MeterTexts, SharedTexts, Texts } from './texts.js';

const counted = (forms: Forms) => countedIn('en', forms);

const shared: SharedTexts = {
  toMain: 'To the content',
  pages: 'Pages',
  chatPage: 'Chat',
  racePage: 'Race',
  language: 'Language',
  theme: 'Theme',
  themes: { auto: 'as the system', light: 'light', dark: 'dark' },
  transports: {
    auto: 'auto: the first that works',
    polling: 'polling',
    'long-polling': 'long polling',
    sse: 'server-sent events (SSE)',
    websocket: 'WebSocket',
  },
  token: 'Token',
  tokenWhy: 'This server lets in only those who have its token. It is kept in this tab only.',
  badToken: 'The server does not accept this token',
  join: 'Join',
  reason: (said) => said,
};

const meter: MeterTexts = {
  heading: 'Meter',
  lead: 'What this page and the server have sent each other to keep the chat going.',
  reset: 'Reset',
  since: (time) => `since ${time}`,
  exchanges: 'HTTP exchanges',
  empty: 'of them empty polls',
  publishes: 'of them to publish',
  checks: 'checks of the room, beside these',
  unanswered: 'requests without an answer',
  pushes: 'events and frames',
  delivered: 'messages delivered',
  latency: 'Delivery latency of your own messages',
  latencyWhy: 'From your click on “Send” until the message comes back from the room.',
  last: 'last',
  median: 'median',
  most: 'longest',
  bytes: 'Bytes',
  up: 'up',
  down: 'down',
  heads: 'heads',
  bodies: 'bodies',
  all: 'all',
  each: 'for each message delivered',
  source: 'Where the sizes come from',
  byTiming: counted({
    one: 'the browser itself (Resource Timing): # exchange',
    other: 'the browser itself (Resource Timing): # exchanges',
  }),
  byModel: counted({
    one: 'the byte model: # exchange or event, request heads reckoned from what a browser sends',
    other:
      'the byte model: # exchanges and events, request heads reckoned from what a browser sends',
  }),
  byFrames: counted({
    one: 'by RFC 6455, to the byte: # frame',
    other: 'by RFC 6455, to the byte: # frames',
  }),
};

const chat: ChatTexts = {
  title: 'pushbench: chat',
  lead: 'One chat, four ways for a message to reach the browser. Choose one, see what it costs.',
  settings: 'Who, where and how',
  name: 'Name',
  guest: 'guest',
  room: 'Room',
  transport: 'Transport',
  interval: 'Polling interval, ms',
  hold: 'Hold, s',
  badName: 'Give a name',
  badRoom: '1 to 64 letters and digits (A–Z a–z 0–9) or . _ -',
  badNumber: (least, most) => `A number from ${least} to ${most}`,

  connecting: 'connecting…',
  connected: (transport) => `connected: ${transport}`,
  chosen: (transport) => `connected: ${transport}, chosen automatically`,
  retrying: (seconds) => `connection lost, retrying in ${seconds} s`,
  retryingSoon: 'connection lost, retrying',
  failed: 'not connected',

  messages: 'Messages',
  nothingYet: 'Nothing has been said here yet.',
  cutOff: 'Older messages are not shown.',
  gap: counted({ one: 'gap of # message', other: 'gap of # messages' }),
  expired: 'the server no longer keeps them',
  restarted: 'The server was restarted: it no longer has what was said before',
  holds: counted({ one: 'it has # message now', other: 'it has # messages now' }),
  newMessages: counted({ one: '# new message ↓', other: '# new messages ↓' }),
  came: counted({ one: '# message came', other: '# messages came' }),
  sending: 'sending…',
  sent: 'the server has it, waiting for it to come back…',
  notSent: (text) => `Not sent: “${text}”`,
  message: 'Message',
  send: 'Send',

  people: 'In the room',
  notTold: 'unknown',
  you: 'you',
  peopleWhy:
    'Clients that poll wait nowhere between two polls, so the server cannot count them. ' +
    'The requests for this list are not in the meter.',
  peopleUnknown: 'The server does not tell at the moment.',

  meter,
  timeline: 'Timeline',
  wire: 'On the wire',
};

export const en: Texts = { language: 'en', shared, chat, race };
