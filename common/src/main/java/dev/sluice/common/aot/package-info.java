/** The cache of loaded classes and profiles that shortens the start of a JVM: does it fit? */
package dev.sluice.common.aot;
