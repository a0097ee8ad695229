// SPDX-License-Identifier: Apache-2.0
// The simulator as a program; everything it does is in TandemSimulation.

import Glibc
import TandemSimulation

@main
struct Main {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    let code = SimulatorCommand.run(arguments) { print($0) }
    exit(code)
  }
}
