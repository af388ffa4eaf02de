/** {@code sluice convert}: reads nginx's configuration, writes Sluice's, tells what is lost. */
package dev.sluice.master.convert;
