// The page of pan, tilt and zoom: the live picture beside the pad.

import { Player } from "./player.js";
import "./ptz_pad.js";

const stage = document.querySelector(".stage");
new Player(stage.querySelector("[data-player]"), stage);
