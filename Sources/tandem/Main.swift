// SPDX-License-Identifier: Apache-2.0
// The client as a program; everything it does is in TandemCommand.

import Glibc
import TandemCommand
import TandemPlatform

@main
struct Main {
  static func main() async {
    let console = Console(
      say: { StandardStream.output.write($0 + "\n") },
      complain: { StandardStream.error.write($0 + "\n") })
    exit(await ClientCommand.run(Array(CommandLine.arguments.dropFirst()), console))
  }
}
