// The race page's words in English.

import { counted } from '../shared/counted.js';
import type { RaceTexts } from './texts.js';

const ORDINALS = ['1st', '2nd', '3rd', '4th'];

export const race: RaceTexts = {
  title: 'pushbench: race',
  lead: 'One room, four connections, one for each transport. Publish a message and see it arrive in each.',
  room: 'Room',
  settings: 'Publish, and set the conditions',
  message: 'Message',
  send: 'Publish',
  generate: 'Publish automatically',
  generateWhy: 'At random moments, so many a second on average; not while the tab is hidden.',
  generated: counted('en', { other: 'message #' }),
  interval: 'Polling: interval',
  hold: 'Long polling: hold',
  rate: 'Messages',
  delay: 'Added delay, one way',
  noLink: 'This server adds no delay. Start it with: pushbench serve --link',
  linkWhy: 'The whole server has it. All four columns connect anew after a change.',
  linkRefused: (reason) => `The delay stays as it was: ${reason}`,
  milliseconds: (figure) => `${figure} ms`,
  seconds: (figure) => `${figure} s`,
  perSecond: (figure) => `${figure} a second`,
  notSent: (reason) => `Not published: ${reason}`,

  columns: 'The four transports',
  names: { polling: 'polling', 'long-polling': 'long polling', sse: 'SSE', websocket: 'WebSocket' },
  connected: 'connected',
  retrying: (seconds) => `lost, retrying in ${seconds} s`,
  exchanges: 'exchanges',
  empty: 'empty ones',
  up: 'bytes up',
  down: 'bytes down',
  each: 'bytes a message',
  last: 'last latency',
  mean: 'mean latency',
  figures: (transport) => `Meter of ${transport}`,
  timeline: (transport) => `Timeline of ${transport}`,
  arrivals: (transport) => `Messages by ${transport}`,
  arrivalsWhy:
    'Place and time of each arrival: from the moment of publishing, and in brackets how far behind the first. A message from elsewhere has only the latter.',
  place: (place) => ORDINALS[place - 1] ?? String(place),
  behind: (figure) => `+${figure}`,
  waiting: 'on its way',
  missed: 'missed',
  nothingYet: 'Nothing has arrived yet: publish something above.',
  result: (message, places) => `${message}: ${places.join(', ')}`,
  resultAt: (transport, time) => `${transport} ${time}`,
  reset: 'Reset the meters',
  publisherWhy: 'The page publishes over a WebSocket of its own, so that no column pays for it.',
  wire: 'On the wire',
  wireOf: 'Transport',
};
