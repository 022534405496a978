# Was schiefging, und was zu tun ist. Jeder Satz wird an seinen englischen Worten erkannt.

fault-ours = In dieser Box ist etwas schiefgegangen. Nichts ging verloren; was es war, steht in ihrem Protokoll.
