/**
 * What a drop-in module compiles against. The jar of a module names its {@link
 * dev.sluice.module.SluiceModule} in {@code META-INF/services}; a worker finds it there.
 *
 * <p>Nothing of Netty and nothing else of Sluice appears in a signature of this package, so that a
 * module written for one version runs with the next. The manifest of the jar of this package
 * carries {@code Sluice-Module-Api}, the version of this contract; 0.x may change at any release.
 */
package dev.sluice.module;
