public import CarpusTensors

/// What a run has at its disposal: threads, and memory that is reused from node to node.
public struct RunContext {
  public let team: ThreadTeam
  public let scratch: Scratch

  public init(team: ThreadTeam) {
    self.team = team
    scratch = Scratch()
  }
}
