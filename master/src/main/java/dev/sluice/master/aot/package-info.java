/** The AOT caches of an installation: which one belongs to which files. */
package dev.sluice.master.aot;
