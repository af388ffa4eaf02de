/** Time as a value that is passed in: the only package that asks the machine what time it is. */
package dev.sluice.common.clock;
