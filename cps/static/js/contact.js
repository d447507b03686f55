// The contact centre in one file: its letters, and what may answer a caller while words are typed.

import "./desk.js";
import "./alike.js";
