/** Faces without pictures: initials on the person's colour, a ship's wheel for the bot. */
import { directory, displayName, isApp, person } from './directory.js';
import { h } from './dom.js';

const SVG = 'http://www.w3.org/2000/svg';
const WHEEL =
  'M16 9.500a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13zM16 4v24M4 16h24M7.500 7.500l17 17M24.500 7.500l-17 17';

function wheel() {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 32 32');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'wheel');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', WHEEL);
  svg.append(path);
  return svg;
}

function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0]?.[0], words.length > 1 ? words.at(-1)?.[0] : undefined].join('').toUpperCase();
}

/** @param {'tiny' | 'small' | 'normal'} [size] */
export function avatar(id, size = 'normal') {
  const own = id === directory.app?.botUserId || id === directory.app?.botId;
  const color = own ? undefined : person(id).color;
  return h(
    'span',
    {
      class: ['avatar', `avatar-${size}`, own && 'avatar-app'],
      'aria-hidden': 'true',
      style: color ? { '--face': color } : {},
    },
    own ? wheel() : isApp(id) && id === 'USLACKBOT' ? '♥' : initials(displayName(id)),
  );
}
