/**
 * Which server and which location a request belongs to, and the rules that change its path. All of
 * it is compiled at boot; looking something up costs the same whether there are ten or ten
 * thousand, except for regular expressions, which are tried one after the other.
 */
package dev.sluice.worker.route;
