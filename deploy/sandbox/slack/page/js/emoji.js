/**
 * The shortcodes that bots in the practice world use. A name that is not here stays visible as `:name:`, as Slack shows one
 * that the workspace does not have.
 */
const GROUPS = `
white_check_mark ✅|heavy_check_mark ✔️|x ❌|negative_squared_cross_mark ❎|warning ⚠️|no_entry ⛔|no_entry_sign 🚫|octagonal_sign 🛑|rotating_light 🚨
information_source ℹ️|question ❓|grey_question ❔|exclamation ❗|bangbang ‼️|hourglass ⌛|hourglass_flowing_sand ⏳|stopwatch ⏱️|timer_clock ⏲️|alarm_clock ⏰
red_circle 🔴|large_red_circle 🔴|orange_circle 🟠|large_orange_circle 🟠|yellow_circle 🟡|large_yellow_circle 🟡|green_circle 🟢|large_green_circle 🟢|blue_circle 🔵|large_blue_circle 🔵|white_circle ⚪|black_circle ⚫|purple_circle 🟣|large_purple_circle 🟣
large_green_square 🟩|large_red_square 🟥|large_yellow_square 🟨|large_blue_square 🟦|black_large_square ⬛|white_large_square ⬜|small_blue_diamond 🔹|small_orange_diamond 🔸
ship 🚢|anchor ⚓|boat ⛵|sailboat ⛵|compass 🧭|wheel 🛞|ocean 🌊|fire 🔥|boom 💥|zap ⚡|rocket 🚀|gear ⚙️|wrench 🔧|hammer_and_wrench 🛠️|toolbox 🧰|nut_and_bolt 🔩
key 🔑|lock 🔒|unlock 🔓|closed_lock_with_key 🔐|shield 🛡️|eyes 👀|eye 👁️|bell 🔔|no_bell 🔕|mega 📣|loudspeaker 📢|pager 📟|telephone_receiver 📞|phone ☎️|email 📧|envelope ✉️
arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|arrow_forward ▶️|arrows_counterclockwise 🔄|repeat 🔁|leftwards_arrow_with_hook ↩️|fast_forward ⏩|double_vertical_bar ⏸️|black_square_for_stop ⏹️|heavy_minus_sign ➖|heavy_plus_sign ➕|small_red_triangle 🔺|small_red_triangle_down 🔻
memo 📝|pencil2 ✏️|page_facing_up 📄|clipboard 📋|bar_chart 📊|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|mag 🔍|mag_right 🔎|link 🔗|paperclip 📎|pushpin 📌|round_pushpin 📍|label 🏷️|file_folder 📁|package 📦|wastebasket 🗑️|book 📖|books 📚|calendar 📅|date 📆|spiral_calendar_pad 🗓️
globe_with_meridians 🌐|earth_africa 🌍|cloud ☁️|sunny ☀️|sunrise 🌅|crescent_moon 🌙|new_moon 🌑|star ⭐|star2 🌟|sparkles ✨|snowflake ❄️|rain_cloud 🌧️|rainbow 🌈|seedling 🌱|evergreen_tree 🌲
wave 👋|thumbsup 👍|+1 👍|thumbsdown 👎|-1 👎|ok_hand 👌|clap 👏|raised_hands 🙌|pray 🙏|muscle 💪|point_right 👉|point_up ☝️|raised_hand ✋|handshake 🤝|writing_hand ✍️|bust_in_silhouette 👤|busts_in_silhouette 👥|construction_worker 👷|detective 🕵️|robot_face 🤖|sleeping 😴|zzz 💤
smile 😄|grin 😁|joy 😂|slightly_smiling_face 🙂|wink 😉|thinking_face 🤔|cry 😢|sob 😭|sweat_smile 😅|sunglasses 😎|tada 🎉|partying_face 🥳|heart ❤️|green_heart 💚|100 💯|coffee ☕|beer 🍺|pizza 🍕|cookie 🍪|skull 💀|ghost 👻|bug 🐛|turtle 🐢|snail 🐌|whale 🐳|octopus 🐙|crab 🦀|elephant 🐘|unicorn_face 🦄|cat 🐱|dog 🐶|hatching_chick 🐣
computer 💻|desktop_computer 🖥️|floppy_disk 💾|minidisc 💽|electric_plug 🔌|battery 🔋|satellite 🛰️|satellite_antenna 📡|construction 🚧|checkered_flag 🏁|triangular_flag_on_post 🚩|white_flag 🏳️|traffic_light 🚦|vertical_traffic_light 🚦|recycle ♻️|infinity ♾️|new 🆕|free 🆓|up 🆙|sos 🆘|id 🆔|ok 🆗|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|keycap_ten 🔟|male-technologist 👨‍💻|female-technologist 👩‍💻|technologist 🧑‍💻
`;

/** @type {Map<string, string>} */
const EMOJI = new Map(
  GROUPS.trim()
    .split(/[|\n]/)
    .map((entry) => /** @type {[string, string]} */ (entry.split(' '))),
);

/** The character of a shortcode without colons (skin tones are ignored), or undefined. */
export function emoji(name) {
  return EMOJI.get(name.replace(/::skin-tone-\d$/, '').toLowerCase());
}

/** Replaces `:name:` in plain text. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+(?:::skin-tone-\d)?):/gi, (whole, name) => emoji(name) ?? whole);
}

/** Shortcodes that begin with `prefix`, for the composer. */
export function emojiNames(prefix, limit = 8) {
  return [...EMOJI].filter(([name]) => name.startsWith(prefix)).slice(0, limit);
}
