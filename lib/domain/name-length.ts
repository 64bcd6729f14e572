/** The most characters in the name of a schedule or a channel. */
export const nameLengthMax = 100
