import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { GraphBuilder } from "./src/ir/builder.ts";
import { SeededRandom } from "./src/ir/random.ts";
import { createTensor } from "./src/ir/tensor.ts";
import { generateCircuit } from "./src/circuit/generate.ts";
import { compileCircuit } from "./src/circuit/compile.ts";
import { readR1cs } from "./src/keys/r1cs.ts";
const r = new SeededRandom(1);
const ints=(n:number,lo:number,hi:number)=>Array.from({length:n},()=>r.integer(lo,hi));
function lenet(){
  const b=new GraphBuilder("lenet");
  b.addInput({name:"x",elementType:"uint8",shape:[1,1,28,28]});
  b.addConstant("z",createTensor("int32",[],[0]));
  const one=[1,1] as const;
  let v="x";
  const requant=(p:string,src:string,shift:number)=>{
    b.addConstant(p+"d",createTensor("int32",[],[2**shift]));
    b.addNode({op:"Clip",name:p+"relu",inputs:[src],output:p+"r",min:0,max:2**31-1});
    b.addNode({op:"Div",name:p+"div",inputs:[p+"r",p+"d"],output:p+"q"});
    b.addNode({op:"Clip",name:p+"clip",inputs:[p+"q"],output:p+"c",min:0,max:255});
    b.addNode({op:"Cast",name:p+"cast",inputs:[p+"c"],output:p+"u",to:"uint8"});
    return p+"u";
  };
  const conv=(p:string,src:string,m:number,c:number,k:number,sh:number)=>{
    b.addConstant(p+"w",createTensor("int8",[m,c,k,k],ints(m*c*k*k,-64,63)));
    b.addConstant(p+"b",createTensor("int32",[m,1,1],ints(m,-5000,5000)));
    b.addNode({op:"ConvInteger",name:p+"conv",inputs:[src,p+"w"],output:p+"s",xZeroPoint:0,wZeroPoint:0,groups:1,window:{kernel:[k,k],strides:one,dilations:one,pads:[0,0,0,0]}});
    b.addNode({op:"Add",name:p+"bias",inputs:[p+"s",p+"b"],output:p+"a"});
    const u=requant(p,p+"a",sh);
    b.addNode({op:"MaxPool",name:p+"pool",inputs:[u],output:p+"p",window:{kernel:[2,2],strides:[2,2],dilations:one,pads:[0,0,0,0]}});
    return p+"p";
  };
  v=conv("c1",v,6,1,5,9); v=conv("c2",v,16,6,5,12);
  b.addNode({op:"Reshape",name:"flat",inputs:[v],output:"f",shape:[1,256]}); v="f";
  let n=256;
  for(const [i,m] of [120,84,10].entries()){
    const p="d"+i;
    b.addConstant(p+"w",createTensor("int8",[n,m],ints(n*m,-64,63)));
    b.addConstant(p+"b",createTensor("int32",[m],ints(m,-5000,5000)));
    b.addNode({op:"MatMulInteger",name:p+"mm",inputs:[v,p+"w"],output:p+"s",aZeroPoint:0,bZeroPoint:0});
    b.addNode({op:"Add",name:p+"bias",inputs:[p+"s",p+"b"],output:p+"a"});
    v=i<2?requant(p,p+"a",12):p+"a"; n=m;
  }
  return b.finish([v]);
}
const dir="/tmp/opx/lenet"; mkdirSync(dir,{recursive:true});
const t=performance.now();
const {source}=generateCircuit(lenet());
writeFileSync(dir+"/src.circom",source);
await compileCircuit(source,dir,{timeoutMs:900000});
console.log("lenet constraints",readR1cs(readFileSync(dir+"/circuit.r1cs")).constraints.length,"seconds",(performance.now()-t)/1000);
