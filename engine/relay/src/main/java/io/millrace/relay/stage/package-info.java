/**
 * The six stages of a packet, in their order: {@link io.millrace.relay.stage.OpenStage}, {@link
 * io.millrace.relay.stage.PeelStage}, {@link io.millrace.relay.stage.ReplayStage}, {@link io.millrace.relay.stage.RouteStage},
 * {@link io.millrace.relay.stage.DelayStage}, {@link io.millrace.relay.stage.SealStage}; the batch and the slot fields that they
 * share, and where packets end.
 *
 * <p>Each stage belongs to one engine thread. None allocates, locks or blocks. Internal.
 */
package io.millrace.relay.stage;
