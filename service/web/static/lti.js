// Takes what was chosen back to the learning platform at once; without this there is a button.
"use strict";

document.getElementById("answer").submit();
