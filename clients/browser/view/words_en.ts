// The English words of the timeline and the wire pane; report.html uses the same.

import { counted as countedIn } from '../shared/counted.js';
import { opcodeName, valueOf, type Field } from './frame_fields.js';
import type { Shown, ViewWords } from './words.js';

const counted = (one: string, other: string) => countedIn('en', { one, other });

const number = new Intl.NumberFormat('en');
const bytes = counted('# byte', '# bytes');
const seconds = counted('# second', '# seconds');
const polls = counted('# poll', '# polls');
const held = counted('# held request', '# held requests');
const empty = counted('# of them empty', '# of them empty');
const events = counted('# event', '# events');
const framesUp = counted('# frame up', '# frames up');
const framesDown = counted('# frame down', '# frames down');
const posts = counted('# POST', '# POSTs');

function summary(shown: Shown): string {
  const parts = [
    shown.polls > 0 && `${polls(shown.polls)}, ${empty(shown.emptyPolls)}`,
    shown.held > 0 && `${held(shown.held)}, ${empty(shown.emptyHeld)}`,
    shown.waiting && 'one is held now',
    shown.open && 'a connection stays open',
    shown.events > 0 && events(shown.events),
    shown.framesDown > 0 && framesDown(shown.framesDown),
    shown.framesUp > 0 && framesUp(shown.framesUp),
    shown.publishes > 0 && posts(shown.publishes),
  ].filter((part) => part !== false);
  return `The last ${seconds(shown.seconds)}: ${parts.join('; ') || 'nothing passed'}.`;
}

function meaning(field: Field): string {
  const value = valueOf(field);
  const set = value === 1n;
  switch (field.name) {
    case 'FIN':
      return set ? 'the message ends with this frame' : 'more frames of the message follow';
    case 'RSV1':
      return set ? 'compressed (permessage-deflate)' : 'not compressed';
    case 'RSV2':
    case 'RSV3':
      return 'reserved for extensions';
    case 'opcode':
      return `${opcodeName(Number(value))} frame`;
    case 'MASK':
      return set ? 'masked, as all that a browser sends' : 'not masked, as all that a server sends';
    case 'length-7':
      if (value === 126n) return '126: the length is in the next 16 bits';
      return value === 127n
        ? '127: the length is in the next 64 bits'
        : `${bytes(Number(value))} of payload`;
    case 'length-16':
    case 'length-64':
      return `${bytes(Number(value))} of payload`;
    case 'masking-key':
      return 'drawn anew for each frame; the browser keeps it to itself, so zeros stand here';
  }
}

export const en: ViewWords = {
  language: 'en',
  timeline: {
    poll: 'poll',
    held: 'held request',
    open: 'open stream or socket',
    answer: 'messages in an answer',
    event: 'event',
    frame: 'frame',
    publish: 'publish by POST',
    hollow: 'hollow: no message in it',
    lost: 'no answer, or a refusal',
    legend: 'What the marks mean',
    now: 'now',
    seconds: counted('# s', '# s'),
    summary,
  },
  wire: {
    nothing: 'Nothing has passed yet.',
    entries: 'The last ones',
    follow: 'Show the newest',
    newer: counted('# newer', '# newer'),
    request: 'Request',
    response: 'Response',
    event: (id) => (id ? `Event ${id}` : 'Event'),
    frame: (opcode, direction) =>
      `${opcode} frame, ${direction === 'up' ? 'user to server' : 'server to user'}`,
    head: 'head',
    body: 'body',
    framing: 'framing',
    data: 'data',
    header: 'frame header',
    payload: 'payload',
    bytes,
    sizes: (head, body) => `${number.format(head)} + ${number.format(body)} B`,
    more: counted('… and # byte more', '… and # bytes more'),
    waits: 'No answer yet: it waits.',
    noAnswer: 'No answer came.',
    noBody: 'no body',
    modelled:
      'A browser does not show these lines to a page: here they are as the byte model has them.',
    fetched: 'The head is as fetch() shows it: names in lower case, and in alphabetical order.',
    source: {
      'resource-timing': 'The size of the heads is what the browser tells (Resource Timing).',
      'byte-model':
        'The size of the heads is by the byte model, since the browser does not tell it.',
    },
    frameModelled:
      'A browser shows no frame header to a page: this one is made from the message’s length.',
    masked: 'On the wire, each of these bytes is XORed with one of the key’s.',
    figure: 'The frame header, bit by bit, as in RFC 6455, section 5.2',
    columns: ['field', 'bits', 'meaning'],
    meaning,
    chunk: counted('a chunk of # byte begins (HTTP)', 'a chunk of # bytes begins (HTTP)'),
    id: 'where to resume from',
    blank: 'the blank line ends the event',
  },
};
