// The chat page: puts its parts together.

import { byId } from '../shared/dom.js';
import { Format, localeOf } from '../shared/format.js';
import { pointLinks } from '../shared/links.js';
import { takeMessages } from '../shared/message_line.js';
import { Session } from '../shared/session.js';
import { Speaker } from '../shared/speaker.js';
import { fillTexts, languageFor, textsIn } from '../shared/texts.js';
import type { Texts } from '../shared/texts.js';
import { offerThemes } from '../shared/theme.js';
import { TokenField } from '../shared/token_field.js';
import { Chat } from './chat.js';
import { Controls } from './controls.js';
import { MessageLog } from './message_log.js';
import { Meter } from './meter.js';
import { People } from './people.js';
import { Pictures } from './pictures.js';
import { searchFor, settingsFrom } from './settings.js';
import type { Settings } from './settings.js';
import { StateLine } from './state_line.js';

/** The chat with its controls. */
function startChat(texts: Texts, format: Format): void {
  const session = new Session();
  const speaker = new Speaker(byId('said'));
  const state = new StateLine(texts.chat, texts.shared, format, speaker);
  const isMine = session.isMine.bind(session);
  const log = new MessageLog(texts.chat, format, isMine, (words) => speaker.say(words));
  const token = new TokenField(texts.shared, session);
  const askForToken = (): void => {
    state.hideReason();
    token.ask();
  };
  const parts = {
    ...{ log, state, askForToken },
    people: new People(texts.chat, texts.shared, format),
    meter: new Meter(texts.chat.meter, format),
    pictures: new Pictures(texts),
  };
  const chat = new Chat(session, parts, texts.chat);
  const join = (settings: Settings): void => {
    const search = searchFor(settings, location.search);
    history.replaceState(null, '', search);
    pointLinks(document, search, texts.language);
    chat.join(settings, token.take());
  };
  const guest = `${texts.chat.guest}-${session.tag.slice(0, 3)}`;
  const settings = settingsFrom(location.search, guest);
  new Controls(texts.chat, format, settings, join);
  join(settings);
  // What stands in the line outlasts a reload.
  const line = takeMessages((text, clicked) => chat.publish(text, clicked));
  line.value = session.text;
  addEventListener('pagehide', () => (session.text = line.value));
}

const language = languageFor(location.search, navigator.languages);
const texts = textsIn(language);
fillTexts(document, texts);
offerThemes(byId<HTMLSelectElement>('theme'));
startChat(texts, new Format(localeOf(language, navigator.languages)));
