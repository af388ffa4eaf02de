/** {@code sluice conns} and {@code sluice tap}: what workers are asked, and how it is shown. */
package dev.sluice.master.watch;
