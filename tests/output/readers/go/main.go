// Command reader reads YAML documents from its input, each after its length (four bytes, big-endian), and answers each
// with its JSON as Kubernetes' own tools read it (sigs.k8s.io/yaml), framed in the same way. A document that can't be
// read is answered with the line `error: REASON`, which is no JSON.
package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"log"
	"os"

	"sigs.k8s.io/yaml"
)

func main() {
	in, out := bufio.NewReader(os.Stdin), bufio.NewWriter(os.Stdout)
	for {
		var size uint32
		if err := binary.Read(in, binary.BigEndian, &size); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			log.Fatal(err)
		}
		document := make([]byte, size)
		if _, err := io.ReadFull(in, document); err != nil {
			log.Fatal(err)
		}
		answer, err := yaml.YAMLToJSONStrict(document)
		if err != nil {
			answer = []byte("error: " + err.Error())
		}
		if err := binary.Write(out, binary.BigEndian, uint32(len(answer))); err != nil {
			log.Fatal(err)
		}
		if _, err := out.Write(answer); err != nil {
			log.Fatal(err)
		}
		if in.Buffered() == 0 {
			if err := out.Flush(); err != nil {
				log.Fatal(err)
			}
		}
	}
}
