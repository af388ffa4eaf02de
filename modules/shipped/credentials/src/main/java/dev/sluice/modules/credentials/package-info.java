/**
 * What modules have in common that ask clients for credentials or look at lists: files that may
 * change while they are used, and comparisons that take too long for the event loop. No module by
 * itself: each has these classes in its own jar.
 */
package dev.sluice.modules.credentials;
